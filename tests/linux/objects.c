/*
 * What Linux takes for the ten thousand objects of the book's chapter 7: the
 * numbers in objects.txt. Put this into mm/ of a tree of v6.18, with
 * "obj-y += objects.o" in mm/Makefile; configure it without SMP and without
 * SLAB_BUCKETS, and boot it with slab_nomerge, under QEMU with
 * -device isa-debug-exit,iobase=0xf4. The sizes are those of bench_loss() in
 * our kernel's self-tests.
 */
#include <linux/init.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmstat.h>

#define NR	10000

static void *objects[NR] __initdata;

static unsigned long __init slab_bytes(void)
{
	return PAGE_SIZE *
		global_node_page_state_pages(NR_SLAB_UNRECLAIMABLE_B);
}

static int __init count_objects(void)
{
	unsigned long before = slab_bytes();
	u32 x = 1;

	for (int i = 0; i < NR + NR / 2; i++) {
		int slot = i < NR ? i : (i - NR) * 2;

		x = x * 1103515245 + 12345;
		if (i >= NR)
			kfree(objects[slot]);
		objects[slot] = kmalloc((x >> 16 & 1023 >> (x >> 28 & 3)) + 1,
					GFP_KERNEL);
	}
	pr_info("objects: %lu bytes of slabs\n", slab_bytes() - before);
	outb(0, 0xf4);
	return 0;
}
late_initcall(count_objects);
