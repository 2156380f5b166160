/* What the page allocator calls besides, and the host must answer. */
#include <linux/highmem.h>
#include <linux/mmzone.h>
#include <linux/page_reports.h>
#include <linux/printk.h>
#include "host.h"

void bad_page(struct page *page, const char *reason)
{
	printk("BUG: Bad page state in process swapper  pfn:%05lx\n"
	       "page dumped because: %s\n", page_to_pfn(page), reason);
}

void dump_page(const struct page *page, const char *reason)
{
	printk("pfn %lx: %s\n", page_to_pfn(page), reason);
}

/* All, where the kernel stops after some. */
bool may_report(unsigned int *nr, unsigned int most, const char *what)
{
	(void)nr, (void)most, (void)what;
	return true;
}

void mem_init_print_info(void)
{
}

void warn_alloc(gfp_t gfp, const char *fmt, ...)
{
	if (!(gfp & __GFP_NOWARN))
		printk("%s\n", fmt);
}

#ifdef CONFIG_X86_32
void *kmap_local_page(const struct page *page)
{
	return __va(page_to_phys(page));
}

void kunmap_local(const void *addr)
{
	(void)addr;
}
#endif
