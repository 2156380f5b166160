/*
 * The memory map against a model: cells of memory, and of each how many
 * entries of each type lie over it. That is what a map says, in whatever
 * order its entries come; sanitising leaves the highest type alone.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <asm/e820/api.h>
#include <asm/page.h>
#include <asm/setup.h>
#include "host.h"

struct boot_params boot_params;		/* else of arch/x86/kernel/setup.c */

#define CELLS	128

static struct world {
	u64 base, unit;
	bool over;		/* nothing more can be said of this run */
} w;

static const enum e820_type types[] = {
	E820_TYPE_RAM, E820_TYPE_RESERVED, E820_TYPE_ACPI, E820_TYPE_NVS,
	E820_TYPE_UNUSABLE, E820_TYPE_PMEM, 9, E820_TYPE_PRAM,
	E820_TYPE_SOFT_RESERVED,
};
#define TYPES	((int)ARRAY_SIZE(types))
#define ANY	TYPES

static u8 lies[CELLS][TYPES];
static bool clean;			/* since it was sanitised */

static enum e820_type type_of(int i)
{
	return i == ANY ? 0 : types[i];
}

static int index_of(enum e820_type type)
{
	int i;

	for (i = 0; i < TYPES; i++)
		if (types[i] == type)
			return i;
	return -1;
}

static u64 bound(unsigned int i)
{
	return w.base + i * w.unit;
}

static int at_bound(u64 addr)
{
	u64 i = (addr - w.base) / w.unit;

	return addr < w.base || i > CELLS || addr != bound(i) ? -1 : (int)i;
}

/* Linux never joins entries of these types that touch. */
static bool stays_apart(enum e820_type type)
{
	return type == E820_TYPE_PRAM || type == E820_TYPE_SOFT_RESERVED;
}

static void check_clean(void)
{
	const struct e820_entry *e = e820_table->entries, *before = NULL;
	u32 i;

	for (i = 0; i < e820_table->nr_entries; i++, before = e++) {
		host_check(e->size, "entry %u is empty", i);
		if (!before)
			continue;
		host_check(before->addr + before->size <= e->addr,
			   "entry %u begins before %u ends", i, i - 1);
		host_check(before->addr + before->size != e->addr ||
			   before->type != e->type || stays_apart(e->type),
			   "entry %u is not joined with %u", i, i - 1);
	}
}

static void check_map(void)
{
	static u8 is[CELLS][TYPES];
	u32 i;
	int k, t;

	host_check(e820_table->nr_entries <= E820_MAX_ENTRIES,
		   "%u entries", e820_table->nr_entries);
	memset(is, 0, sizeof(is));
	for (i = 0; i < e820_table->nr_entries; i++) {
		const struct e820_entry *e = &e820_table->entries[i];
		int from = at_bound(e->addr);
		int to = at_bound(e->addr + e->size);

		t = index_of(e->type);
		if (!e->size)
			continue;
		host_check(t >= 0 && from >= 0 && to > from,
			   "entry %u: [%#llx-%#llx] type %u is nobody's",
			   i, e->addr, e->addr + e->size - 1, e->type);
		for (k = from; k < to; k++)
			is[k][t]++;
	}
	for (k = 0; k < CELLS; k++)
		for (t = 0; t < TYPES; t++)
			host_check(is[k][t] == lies[k][t], "%#llx: %u "
				   "entries of type %u instead of %u",
				   bound(k), is[k][t], types[t], lies[k][t]);
	if (clean)
		check_clean();
}

enum kind {
	ADD, UPDATE, REMOVE, SANITISE, ASK, MEMMAP, MEM, NONSENSE, KINDS
};

static const int weights[KINDS] = {
	[ADD] = 30, [UPDATE] = 15, [REMOVE] = 12, [SANITISE] = 15,
	[ASK] = 20, [MEMMAP] = 12, [MEM] = 1, [NONSENSE] = 1,
};

static const struct { u64 base; unsigned int unit; } scenes[] = {
	{ 0, 4096 },
	{ 0, 1 << 20 },
	{ 0xa0000 - 64 * 4096, 4096 },		/* the end of low memory */
	{ 0xfffc0000, 4096 },			/* across 4 GiB */
	{ 0x1000, 1 },				/* single bytes */
	{ 0 - (CELLS + 1) * 4096ULL, 4096 },	/* as high as it goes */
};

static void put(struct step *s, const char *fmt, u64 value)
{
	size_t used = strlen(s->text);

	snprintf(s->text + used, sizeof(s->text) - used, fmt, value);
}

/* memmap=: all that may follow a size. */
static void make_memmap(struct step *s)
{
	u64 start = bound(s->arg[0]), size = bound(s->arg[1]) - start;

	s->arg[4] = host_random(9);
	if (!size && s->arg[4] < 8)
		s->arg[4] = 8;
	switch (s->arg[4]) {
	case 0 ... 3:
		put(s, "%#Lx", size);
		put(s, (const char *[]){ "@%#Lx", "#%#Lx", "$%#Lx",
					 "!%#Lx" }[s->arg[4]], start);
		break;
	case 4 ... 7:			/* nn%ss-from+to, either left out */
		put(s, "%#Lx", size);
		put(s, "%%%#Lx", start);
		if (s->arg[4] & 1)
			put(s, "-%Lu", type_of(s->arg[2]));
		if (s->arg[4] & 2)
			put(s, "+%Lu", type_of(s->arg[3]));
		break;
	case 8:
		if (host_chance(90))
			s->arg[4] = 10;
		put(s, s->arg[4] == 8 ? "exactmap" : "%#Lx", start);
	}
}

static void make_nonsense(struct step *s)
{
	static const char pieces[][9] = { "@", "#", "$", "!", "%", "-", "+",
		",", "0x", "1", "9", "K", "M", "G", "T", "f", "exactmap",
		"18446744", "073709551", " ", "=", "" };
	int n = host_random(8);

	while (n--)
		put(s, pieces[host_random(ARRAY_SIZE(pieces))], 0);
}

static void make(struct step *s, int first)
{
	int at = host_random(106), i;

	if (first) {
		i = host_random(ARRAY_SIZE(scenes));
		s->arg[0] = scenes[i].base;
		s->arg[1] = scenes[i].unit;
		s->arg[2] = host_chance(70) ? 1 + host_random(~0U) : 0;
		return;
	}
	for (i = 0; at >= weights[i]; i++)
		at -= weights[i];
	s->kind = i;
	s->arg[0] = host_random(CELLS + 1);
	s->arg[1] = host_chance(80) ?
		min(s->arg[0] + host_random(12), (u64)CELLS) :
		host_random(CELLS + 1);
	if (s->arg[1] < s->arg[0]) {
		s->arg[1] ^= s->arg[0];
		s->arg[0] ^= s->arg[1];
		s->arg[1] ^= s->arg[0];
	}
	s->arg[2] = host_random(TYPES);
	s->arg[3] = host_random(TYPES);
	s->arg[4] = host_chance(70);
	if (host_chance(30))			/* most of memory is RAM */
		s->arg[2] = 0;
	switch (s->kind) {
	case UPDATE:
		if (s->arg[3] == s->arg[2])
			s->arg[3] = (s->arg[2] + 1) % TYPES;
		s->arg[5] = host_chance(2);	/* to the end of memory */
		break;
	case REMOVE:
		s->arg[5] = host_chance(2);
		break;
	case MEMMAP:
		make_memmap(s);
		break;
	case MEM:
		put(s, "%#Lx", bound(s->arg[0]));
		break;
	case NONSENSE:
		s->arg[5] = host_chance(80);
		make_nonsense(s);
	}
}

static unsigned int from, to;
static u64 start, size;

static void lay(int type)
{
	unsigned int k;

	for (k = from; k < to; k++)
		lies[k][type]++;
	clean = false;
}

static void take(int type)
{
	unsigned int k;
	int t;

	for (k = from; k < to; k++)
		for (t = 0; t < TYPES; t++)
			if (type == ANY || t == type)
				lies[k][t] = 0;
	clean = false;
}

static void change(int old, int new)
{
	unsigned int k;

	for (k = from; k < to && old != new; k++) {
		lies[k][new] += lies[k][old];
		lies[k][old] = 0;
	}
	clean = false;
}

/* Bytes of the range under entries of a type, each counted. */
static u64 bytes(int type)
{
	unsigned int k;
	u64 sum = 0;
	int t;

	for (k = from; k < to; k++)
		for (t = 0; t < TYPES; t++)
			if (type == ANY || t == type)
				sum += lies[k][t] * w.unit;
	return sum;
}

/* The kernel's code. */
static u64 ret;

static void call(void *arg)
{
	struct step *s = arg;
	u64 length = s->arg[5] ? ~0ULL : size;

	switch (s->kind) {
	case ADD:
		e820__range_add(start, size, type_of(s->arg[2]));
		break;
	case UPDATE:
		ret = e820__range_update(start, length, type_of(s->arg[2]),
					 type_of(s->arg[3]));
		break;
	case REMOVE:
		ret = e820__range_remove(start, length, type_of(s->arg[2]),
					 s->arg[4]);
		break;
	case SANITISE:
		ret = e820__update_table(e820_table);
		break;
	case MEMMAP:
		ret = host_set_param("memmap", s->text);
		break;
	case MEM:
		ret = host_set_param("mem", s->text);
		break;
	case NONSENSE:
		host_set_param(s->arg[5] ? "memmap" : "mem", s->text);
	}
}

static void sanitise(void)
{
	unsigned int k;
	int t, top;

	for (k = 0; k < CELLS; k++) {
		for (top = TYPES - 1; top >= 0 && !lies[k][top]; top--)
			;
		for (t = 0; t < TYPES; t++)
			lies[k][t] = t == top;
	}
	clean = true;
}

/* A map as the firmware gives it; all of it follows from one number. */
static void make_firmware_map(u64 seed)
{
	struct boot_e820_entry *e = boot_params.e820_table;
	unsigned int i, n = 2 + seed % 30;

	for (i = 0; i < n; i++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		from = (seed >> 32) % CELLS;
		to = from + 1 + (seed >> 40) % 12;
		if (i > 1 && (seed >> 56) % 8 == 0)
			to = from;	/* empty */
		if (to > CELLS)
			to = CELLS;
		size = (to - from) * w.unit;
		e[i] = (struct boot_e820_entry){ bound(from), size,
			types[(seed >> 48) & 1 ? 0 : (seed >> 49) % TYPES] };
		lay(index_of(e[i].type));
	}
	boot_params.e820_entries = n;
}

static void take_firmware_map(void *unused)
{
	(void)unused;
	e820__memory_setup();
}

static void run_memmap(const struct step *s)
{
	switch (s->arg[4]) {
	case 0: lay(index_of(E820_TYPE_RAM)); break;
	case 1: lay(index_of(E820_TYPE_ACPI)); break;
	case 2: lay(index_of(E820_TYPE_RESERVED)); break;
	case 3: lay(index_of(E820_TYPE_PRAM)); break;
	case 4: take(ANY); break;
	case 5: take(s->arg[2]); break;
	case 6: lay(s->arg[3]); break;
	case 7: change(s->arg[2], s->arg[3]); break;
	case 8: from = 0, to = CELLS, take(ANY); break;
	default:
		if (start)
			to = CELLS, take(0);
	}
}

static void ask(const struct step *s)
{
	enum e820_type type = type_of(s->arg[4] ? s->arg[2] : ANY);
	bool any = false, all = true, some;
	unsigned int k;
	int t;

	for (k = from; k < to; k++) {
		some = false;
		for (t = 0; t < TYPES; t++)
			some |= lies[k][t] && (!type || types[t] == type);
		any |= some;
		all &= some;
	}
	if (from == to) {
		host_check(!e820__mapped_all(start, start, type),
			   "e820__mapped_all(%#llx, %#llx, %u)", start, start,
			   type);
		return;
	}
	host_check(e820__mapped_any(start, start + size, type) == any,
		   "e820__mapped_any(%#llx, %#llx, %u)", start, start + size,
		   type);
	if (clean)
		host_check(e820__mapped_all(start, start + size, type) == all,
			   "e820__mapped_all(%#llx, %#llx, %u)", start,
			   start + size, type);
}

/* A full table must refuse entries, and may only lose memory by it. */
static bool is_full(void)
{
	if (e820_table->nr_entries < E820_MAX_ENTRIES - 8)
		return false;
	e820_table->nr_entries = 0;
	memset(lies, 0, sizeof(lies));
	clean = true;
	return true;
}

static void run(const struct step *step, int first)
{
	struct step s = *step;
	bool panicked;

	host_log_clear();
	if (first) {
		w.base = s.arg[0];
		w.unit = s.arg[1];
		w.over = clean = false;
		memset(lies, 0, sizeof(lies));
		if (!s.arg[2])
			return;
		make_firmware_map(s.arg[2]);
		panicked = host_try(take_firmware_map, NULL);
		host_check(!panicked, "panic: %s", host_reason);
		sanitise();
		check_map();
		host_check(!memcmp(e820_table_firmware, e820_table,
				   sizeof(*e820_table)),
			   "the copy of the firmware's map differs");
		return;
	}
	if (w.over || is_full())
		return;
	from = s.arg[0];
	to = s.arg[1];
	start = bound(from);
	size = bound(to) - start;
	if (s.kind == ASK) {
		ask(&s);
		return;
	}
	if (s.arg[5] && s.kind != NONSENSE)
		to = CELLS;
	if (s.kind == SANITISE && e820_table->nr_entries < 2) {
		call(&s);
		return;
	}
	if (s.kind == MEMMAP && s.arg[4] == 7 && s.arg[2] == s.arg[3])
		return;
	if (s.kind == MEM && !start)
		return;
	ret = 0;
	panicked = host_try(call, &s);
	host_check(!panicked, "panic: %s", host_reason);
	host_check(!host_logged("too many"), "the table is full too early");
	switch (s.kind) {
	case ADD:
		lay(s.arg[2]);
		break;
	case UPDATE:
		host_check(ret == bytes(s.arg[2]), "%#llx bytes changed, "
			   "not %#llx", ret, bytes(s.arg[2]));
		change(s.arg[2], s.arg[3]);
		break;
	case REMOVE:
		host_check(ret == bytes(s.arg[4] ? s.arg[2] : ANY),
			   "%#llx bytes removed, not %#llx", ret,
			   bytes(s.arg[4] ? s.arg[2] : ANY));
		take(s.arg[4] ? s.arg[2] : ANY);
		break;
	case SANITISE:
		host_check(!ret, "e820__update_table() failed");
		sanitise();
		break;
	case MEMMAP:
		host_check(!ret || s.arg[4] >= 8, "it was not understood");
		run_memmap(&s);
		break;
	case MEM:
		to = CELLS;
		take(0);
		break;
	case NONSENSE:
		w.over = true;		/* it survived; that is all */
		return;
	}
	check_map();
}

static void show(const struct step *s, int first)
{
	static const char *const names[] = { "e820__range_add",
		"e820__range_update", "e820__range_remove",
		"e820__update_table", "ask", "memmap=", "mem=" };
	const char *name = s->kind == NONSENSE ?
		names[s->arg[5] ? MEMMAP : MEM] : names[s->kind];

	if (first) {
		w.base = s->arg[0];
		w.unit = s->arg[1];
		host_say("/* %u cells of %#llx bytes from %#llx, firmware's "
			 "map %llu */\n", CELLS, w.unit, w.base, s->arg[2]);
	} else if (s->kind >= MEMMAP) {
		host_say("%s%s\n", name, s->text);
	} else if (s->kind == SANITISE) {
		host_say("%s(e820_table);\n", name);
	} else {
		host_say("%s(%#llx, %#llx, %u", name, bound(s->arg[0]),
			 s->arg[5] ? ~0ULL :
			 (s->arg[1] - s->arg[0]) * w.unit,
			 type_of(s->arg[2]));
		if (s->kind == UPDATE)
			host_say(", %u", type_of(s->arg[3]));
		if (s->kind == REMOVE)
			host_say(", %s", s->arg[4] ? "true" : "false");
		host_say(");\n");
	}
}

const struct subject subject = { "e820", 400, make, run, show };
