/*
 * memblock against a model: physical memory cut into cells, and of each
 * cell one word that says whether it is memory, of what kind and node, and
 * another that says the same of its reservation. No list, no search, no
 * merging: each operation is a loop over cells. After each step memblock's
 * two lists must say the same as the cells, in as few regions as possible.
 */
#include <linux/bug.h>
#include <linux/memblock.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <asm/page.h>
#include "host.h"
#include "internal.h"

/*
 * Cells 1 to n are of one size. Cell 0 is all that lies below them, cell
 * n + 1 all above; both may be empty, and neither is ever memory.
 */
#define CELLS	1024

static struct world {
	phys_addr_t base, unit;
	unsigned int n, nodes, steps, last_choice;
	bool resize;
	bool crumbs;		/* single cells: the lists grow long */
	bool over;		/* nothing more can be said of this run */
} w;

typedef u16 cell;
#define PRESENT	0x8000			/* | flags << 5 | node + 1 */
static cell memory[CELLS + 2], reserved[CELLS + 2];
static bool array[CELLS + 2];		/* holds one of memblock's arrays */
static bool scratch_only, mirrors;
static phys_addr_t trimmed;		/* by memblock_trim_memory() */

#ifdef CONFIG_NUMA
static cell value(int flags, int nid)
{
	return PRESENT | flags << 5 | (nid + 1);
}
#else
static cell value(int flags, int nid)
{
	(void)nid;
	return PRESENT | flags << 5 | 1;
}
#endif

static int flags_of(cell c)
{
	return c >> 5 & 0x7f;
}

static int nid_of(cell c)
{
	return (c & 0x1f) - 1;
}

/* Where cell @i begins. The last byte of all cannot be part of a region. */
static phys_addr_t bound(unsigned int i)
{
	phys_addr_t end = w.base + w.unit * (w.n - 1) + (w.unit - 1);

	if (!i)
		return 0;
	if (i > w.n && (i == w.n + 2 || end == PHYS_ADDR_MAX))
		return PHYS_ADDR_MAX;
	return w.base + (i - 1) * w.unit;
}

/* The cell that begins there; -1 if none does. */
static int at_bound(phys_addr_t addr)
{
	phys_addr_t i;

	if (addr == PHYS_ADDR_MAX)
		return bound(w.n + 1) == addr ? w.n + 1 : w.n + 2;
	if (!addr)
		return w.base ? 0 : 1;
	i = (addr - w.base) / w.unit;
	if (addr < w.base || i > w.n || addr != w.base + i * w.unit)
		return -1;
	return i + 1;
}

static unsigned int cell_of(phys_addr_t addr)
{
	if (addr < w.base)
		return 0;
	if ((addr - w.base) / w.unit >= w.n)
		return w.n + 1;
	return (addr - w.base) / w.unit + 1;
}

/*
 * Memory that nobody was given must not be written. It is painted, and
 * looked at from time to time.
 */
#define PAINT	0xa5

static void paint(unsigned int from, unsigned int to)
{
	if (from < 1)
		from = 1;
	if (to > w.n + 1)
		to = w.n + 1;
	if (from < to)
		memset(host_ram + (from - 1) * w.unit, PAINT,
		       (to - from) * w.unit);
}

static void check_paint(void)
{
	unsigned int i, k;

	for (i = 1; i <= w.n; i++) {
		const u8 *p = host_ram + (i - 1) * w.unit;

		for (k = 0; !array[i] && k < w.unit; k += 61)
			host_check(p[k] == PAINT, "memblock wrote to %#llx, "
				   "which is nobody's",
				   (u64)bound(i) + k);
	}
}

/* Does a list say what the cells say, and does it say it briefly? */
static void check_list(const struct memblock_type *type, const cell *cells)
{
	unsigned int next = w.base ? 0 : 1, from, to;
	phys_addr_t end = 0, sum = 0;
	unsigned long i;
	cell last = 0;

	host_check(type->cnt <= type->max, "%s: %lu regions in %lu",
		   type->name, type->cnt, type->max);
	for (i = 0; i < type->cnt; i++) {
		const struct memblock_region *r = &type->regions[i];
		cell is = value(r->flags, memblock_get_region_node(r));

		host_check(r->size && r->base + r->size > r->base,
			   "%s[%lu] is empty or wraps", type->name, i);
		host_check(r->base >= end, "%s[%lu] begins before %lu ends",
			   type->name, i, i - 1);
		host_check(!i || r->base != end || is != last,
			   "%s[%lu] is not merged with %lu", type->name, i,
			   i - 1);
		from = at_bound(r->base);
		end = r->base + r->size;
		to = at_bound(end);
		host_check((int)from >= 0 && (int)to >= 0,
			   "%s[%lu]: [%#llx-%#llx] has an end that nobody "
			   "asked for", type->name, i, (u64)r->base,
			   (u64)end - 1);
		for (; next < from; next++)
			host_check(!cells[next],
				   "%s: %#llx is missing", type->name,
				   (u64)bound(next));
		for (; next < to; next++)
			host_check(cells[next] == is,
				   "%s: %#llx has flags %#x, node %d instead "
				   "of %#x, %d", type->name,
				   (u64)bound(next), r->flags,
				   memblock_get_region_node(r),
				   cells[next] ? flags_of(cells[next]) : -1,
				   cells[next] ? nid_of(cells[next]) : -1);
		sum += r->size;
		last = is;
	}
	for (; next < w.n + 2; next++)
		host_check(!cells[next], "%s: %#llx is missing", type->name,
			   (u64)bound(next));
	/* Linux leaves total_size as it was when it shortens a region. */
	host_check(sum == type->total_size || (type == &memblock.memory &&
					       sum + trimmed ==
					       type->total_size),
		   "%s: total_size is %#llx "
		   "instead of %#llx", type->name, (u64)type->total_size,
		   (u64)sum);
}

/* Free ranges, as the model sees them: never across two kinds of memory. */
struct range { phys_addr_t start, end; int nid; };
static struct range free_range[CELLS + 2];

static bool skipped(cell c, int nid, int flags)
{
	int f = flags_of(c);

#ifdef CONFIG_NUMA
	if (nid >= 0 && nid < MAX_NUMNODES && nid_of(c) != nid)
		return true;
#else
	(void)nid;
#endif
	if ((flags & MEMBLOCK_MIRROR) && !(f & MEMBLOCK_MIRROR))
		return true;
	if ((flags & MEMBLOCK_KHO_SCRATCH) && !(f & MEMBLOCK_KHO_SCRATCH))
		return true;
	if ((f & MEMBLOCK_NOMAP) && !(flags & MEMBLOCK_NOMAP))
		return true;
	return (f & MEMBLOCK_DRIVER_MANAGED) &&
	       !(flags & MEMBLOCK_DRIVER_MANAGED);
}

static int free_ranges(int nid, int flags)
{
	unsigned int i, from;
	int n = 0;

	for (i = 1; i <= w.n; i++) {
		cell c = memory[i];

		if (!c || reserved[i] || skipped(c, nid, flags))
			continue;
		for (from = i; i < w.n && memory[i + 1] == c &&
		     !reserved[i + 1]; i++)
			;
		free_range[n++] = (struct range){ bound(from), bound(i + 1),
						  nid_of(c) };
	}
	return n;
}

/* Where memblock should find room, or 0. @align is a power of two. */
static phys_addr_t find(phys_addr_t size, phys_addr_t align,
			phys_addr_t start, phys_addr_t end, int nid,
			int flags)
{
	int n = free_ranges(nid, flags), i, k;

	if (end <= MEMBLOCK_ALLOC_NOLEAKTRACE)
		end = memblock.current_limit;
	if (start < PAGE_SIZE)
		start = PAGE_SIZE;
	for (k = 0; k < n; k++) {
		phys_addr_t lo, hi, at;

		i = memblock.bottom_up ? k : n - 1 - k;
		lo = max(free_range[i].start, start);
		hi = min(free_range[i].end, end);
		if (lo >= hi || hi - lo < size)
			continue;
		if (memblock.bottom_up) {
			at = (lo + align - 1) & ~(align - 1);
			if (at >= lo && at < hi && hi - at >= size)
				return at;
		} else {
			at = (hi - size) & ~(align - 1);
			if (at >= lo)
				return at;
		}
	}
	return 0;
}

static int wanted_flags(void)
{
	return scratch_only ? MEMBLOCK_KHO_SCRATCH :
	       mirrors ? MEMBLOCK_MIRROR : MEMBLOCK_NONE;
}

/* The same with the second and third try that the allocator makes. */
static phys_addr_t find_any(phys_addr_t size, phys_addr_t align,
			    phys_addr_t start, phys_addr_t end, int nid,
			    bool exact, int *got_nid)
{
	int flags = wanted_flags();
	phys_addr_t at;

	for (;; flags = MEMBLOCK_NONE) {
		*got_nid = nid;
		at = find(size, align, start, end, nid, flags);
		if (!at && nid >= 0 && !exact) {
			*got_nid = NUMA_NO_NODE;
			at = find(size, align, start, end, NUMA_NO_NODE,
				  flags);
		}
		if (at || flags != MEMBLOCK_MIRROR)
			return at;
	}
}

/* What a step may change besides what it was told to: the arrays move. */
static struct { struct memblock_region *regions; unsigned long max; } was[2];

static struct memblock_type *type_of(int which)
{
	return which ? &memblock.reserved : &memblock.memory;
}

static void remember_arrays(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		was[i].regions = type_of(i)->regions;
		was[i].max = type_of(i)->max;
	}
}

static bool in_ram(const void *p)
{
	return (const u8 *)p >= host_ram && (const u8 *)p < host_ram + HOST_RAM;
}

static phys_addr_t array_size(unsigned long max)
{
	return (max * sizeof(struct memblock_region) + PAGE_SIZE - 1) &
	       PAGE_MASK;
}

/* @from, @to: what the step was about to reserve or to remove. */
static void follow_array(int which, unsigned int from, unsigned int to)
{
	struct memblock_type *type = type_of(which);
	unsigned int i, first, last;
	phys_addr_t pa;

	if (type->regions == was[which].regions)
		return;
	host_count(which);
	host_check(w.resize, "%s moved, and was not allowed to", type->name);
	host_check(in_ram(type->regions), "%s is outside RAM", type->name);
	pa = __pa(type->regions);
	host_check(!(pa & ~PAGE_MASK) && pa >= PAGE_SIZE,
		   "%s moved to %#llx", type->name, (u64)pa);
	first = cell_of(pa);
	last = cell_of(pa + array_size(type->max) - 1);
	for (i = first; i <= last; i++) {
		host_check(memory[i] && !reserved[i] && !array[i] &&
			   !skipped(memory[i], NUMA_NO_NODE,
				    wanted_flags() & ~MEMBLOCK_MIRROR),
			   "%s moved to %#llx, which is not free",
			   type->name, (u64)bound(i));
		host_check(bound(i + 1) - 1 < memblock.current_limit,
			   "%s moved past the limit", type->name);
		host_check(i < from || i >= to, "%s moved to %#llx, which "
			   "the step was about", type->name, (u64)bound(i));
		reserved[i] = value(MEMBLOCK_RSRV_KERN, NUMA_NO_NODE);
		array[i] = true;
	}
}

static void leave_array(int which)
{
	unsigned int i, first, last;
	phys_addr_t pa;

	if (type_of(which)->regions == was[which].regions)
		return;
	if (in_ram(was[which].regions)) {
		pa = __pa(was[which].regions);
		first = cell_of(pa);
		last = cell_of(pa + array_size(was[which].max) - 1);
		for (i = first; i <= last; i++) {
			reserved[i] = 0;
			array[i] = false;
		}
	}
	/* It may have grown twice; what is left behind is nobody's again. */
	for (i = 1; i <= w.n; i++)
		if (!array[i])
			paint(i, i + 1);
	/* To give it back may take an entry that there is no room for. */
	w.over = w.over || host_logged("Failed to double");
}

/*
 * Is there no room for a list to grow into? Outside of [from, to), when
 * that is what is being reserved, and below @limit. Called before the arrays
 * are followed.
 */
static bool cannot_grow(int which, unsigned int from, unsigned int to,
			phys_addr_t limit)
{
	phys_addr_t size = array_size(type_of(which)->max * 2);
	int flags = wanted_flags() & ~MEMBLOCK_MIRROR;

	if (!which)
		from = to = 0;
	if (from == to)
		return !limit || !find(size, PAGE_SIZE, 0, limit, NUMA_NO_NODE, flags);
	return !find(size, PAGE_SIZE, bound(to), limit, NUMA_NO_NODE,
		     flags) &&
	       (!from || !bound(from) ||
		!find(size, PAGE_SIZE, 0, min(bound(from), limit),
		      NUMA_NO_NODE, flags));
}

static unsigned int choose_cell(void)
{
	if (host_chance(30))		/* near to where we just were */
		w.last_choice += host_random(9) - 4;
	else
		w.last_choice = host_random(w.n + 1);
	return w.last_choice % (w.n + 1) + 1;	/* 1 to n + 1 */
}

static phys_addr_t choose_align(void)
{
	return w.unit << (host_chance(60) ? 0 : host_random(5));
}

/* Every kind of step, how often it comes, and what it is called. */
enum kind {
	ADD, ADD_NODE, REMOVE, RESERVE, RESERVE_KERN, RESERVE_NODE, FREE,
	FREE_PTR, MARK, SET_NODE, PHYS_ALLOC, PHYS_ALLOC_RANGE,
	PHYS_ALLOC_NID, ALLOC_RANGE_NID, ALLOC, ALLOC_RAW, ALLOC_FROM,
	ALLOC_LOW, ALLOC_NODE, ALLOC_TRY_NID, ALLOC_TRY_NID_RAW, ALLOC_EXACT,
	LIMIT, DIRECTION, TRIM, ENFORCE, CAP, MEM_LIMIT, SCRATCH_ONLY, ASK,
	WALK, KINDS
};

static const struct host_kind kinds[KINDS] = {
	[ADD] = { 90, "memblock_add" },
	[ADD_NODE] = { 60, "memblock_add_node" },
	[REMOVE] = { 50, "memblock_remove" },
	[RESERVE] = { 130, "memblock_reserve" },
	[RESERVE_KERN] = { 30, "memblock_reserve_kern" },
	[RESERVE_NODE] = { 20, "__memblock_reserve" },
	[FREE] = { 80, "memblock_phys_free" },
	[FREE_PTR] = { 40, "memblock_free" },
	[MARK] = { 80, "mark" },
	[SET_NODE] = { 30, "memblock_set_node" },
	[PHYS_ALLOC] = { 50, "memblock_phys_alloc" },
	[PHYS_ALLOC_RANGE] = { 60, "memblock_phys_alloc_range" },
	[PHYS_ALLOC_NID] = { 20, "memblock_phys_alloc_try_nid" },
	[ALLOC_RANGE_NID] = { 30, "memblock_alloc_range_nid" },
	[ALLOC] = { 30, "memblock_alloc" },
	[ALLOC_RAW] = { 10, "memblock_alloc_raw" },
	[ALLOC_FROM] = { 20, "memblock_alloc_from" },
	[ALLOC_LOW] = { 10, "memblock_alloc_low" },
	[ALLOC_NODE] = { 10, "memblock_alloc_node" },
	[ALLOC_TRY_NID] = { 20, "memblock_alloc_try_nid" },
	[ALLOC_TRY_NID_RAW] = { 10, "memblock_alloc_try_nid_raw" },
	[ALLOC_EXACT] = { 20, "memblock_alloc_exact_nid_raw" },
	[LIMIT] = { 30, "memblock_set_current_limit" },
	[DIRECTION] = { 15, "memblock_set_bottom_up" },
	[TRIM] = { 4, "memblock_trim_memory" },
	[ENFORCE] = { 2, "memblock_enforce_memory_limit" },
	[CAP] = { 2, "memblock_cap_memory_range" },
	[MEM_LIMIT] = { 1, "memblock_mem_limit_remove_map" },
	[SCRATCH_ONLY] = { 3, "memblock_set_kho_scratch_only" },
	[ASK] = { 100, "ask" },
	[WALK] = { 40, "walk" },
};

static const struct mark {
	const char *name;
	int (*fn)(phys_addr_t base, phys_addr_t size);
	int flag;
	bool set, reserved;
} marks[] = {
#define MARK(name, flag, set, res) { #name, name, MEMBLOCK_##flag, set, res }
	MARK(memblock_mark_hotplug, HOTPLUG, true, false),
	MARK(memblock_clear_hotplug, HOTPLUG, false, false),
	MARK(memblock_mark_mirror, MIRROR, true, false),
	MARK(memblock_mark_nomap, NOMAP, true, false),
	MARK(memblock_clear_nomap, NOMAP, false, false),
	MARK(memblock_mark_kho_scratch, KHO_SCRATCH, true, false),
	MARK(memblock_clear_kho_scratch, KHO_SCRATCH, false, false),
	MARK(memblock_reserved_mark_noinit, RSRV_NOINIT, true, true),
#undef MARK
};

static int choose_nid(void)
{
	return (int)host_random(w.nodes + 1) - 1;
}

/* The scene: how large a cell is, where they lie, how many nodes. */
static const struct { host_u64 base; unsigned int unit, n; } scenes[] = {
	{ 0, 4096, 512 },		/* the usual one */
	{ 0, 64, 1024 },		/* page 0 is many cells */
	{ 3072, 1, 1024 },		/* single bytes, one page border */
	{ 0xfff80000, 4096, 300 },	/* across 4 GiB, or up to it */
	{ 0 - 512 * 4096ULL, 4096, 512 },	/* up to the last byte */
	{ 0x40000000, 4096, 1024 },	/* little memory, many pieces */
};

static void take_scene(const struct step *s)
{
	w = (struct world){ .base = s->arg[0], .unit = s->arg[1],
		.n = s->arg[2], .nodes = s->arg[3], .resize = s->arg[4] & 1,
		.crumbs = s->arg[4] & 4 };
}

static void make_scene(struct step *s)
{
	unsigned int which = host_random(ARRAY_SIZE(scenes));

	s->arg[0] = scenes[which].base;
	s->arg[1] = scenes[which].unit;
	s->arg[2] = scenes[which].n;
	if (sizeof(phys_addr_t) == 4) {
		s->arg[0] = (phys_addr_t)s->arg[0];
		if (s->arg[0] && s->arg[0] + s->arg[1] * s->arg[2] > SZ_4G)
			s->arg[2] = (SZ_4G - s->arg[0]) / s->arg[1];
	}
	s->arg[3] = host_random(4) + 1;			/* nodes */
	s->arg[4] = s->arg[1] >= 64 && host_chance(70);	/* resize */
	s->arg[4] |= host_chance(20) << 1;		/* kernelcore=mirror */
	s->arg[4] |= host_chance(40) << 2;		/* crumbs */
	s->arg[4] |= host_random(6) << 3;		/* shorter lists */
	s->arg[5] = host_chance(30);			/* bottom up */
	take_scene(s);
}

/* arg[0], arg[1]: a range of cells. Mostly short. */
static void choose_range(struct step *s)
{
	unsigned int from = choose_cell(), to;

	if (w.crumbs && host_chance(99))
		to = from + 1;
	else if (host_chance(85))
		to = from + 1 + host_random(host_chance(80) ? 4 : 40);
	else
		to = choose_cell();
	if (to > w.n + 1)
		to = w.n + 1;
	s->arg[0] = min(from, to);
	s->arg[1] = max(from, to);
	if (host_chance(1))
		s->arg[1] = w.n + 2;	/* as far as addresses go */
}

static void make(struct step *s, int first)
{
	if (first) {
		make_scene(s);
		return;
	}
	s->kind = host_kind(kinds, KINDS);
	if (w.crumbs && (s->kind == ENFORCE || s->kind == CAP ||
			 s->kind == MEM_LIMIT || host_chance(12)))
		s->kind = host_chance(60) ? RESERVE : MARK;
	choose_range(s);
	s->arg[2] = choose_nid();
	s->arg[3] = 0;
	s->arg[4] = choose_align();
	s->arg[5] = w.unit * (1 + host_random(w.crumbs ? 1 :
					      host_chance(90) ? 4 : 64));
	switch (s->kind) {
	case ADD_NODE:
		s->arg[2] = host_random(w.nodes);
		s->arg[3] = host_chance(70) ? MEMBLOCK_NONE :
			1 << host_random(4);
		break;
	case RESERVE_NODE:
		s->arg[3] = host_chance(50) ? MEMBLOCK_RSRV_NOINIT :
			MEMBLOCK_RSRV_KERN;
		break;
	case MARK:
		s->arg[3] = host_random(ARRAY_SIZE(marks));
		break;
	case SET_NODE:
		s->arg[2] = host_random(w.nodes);
		s->arg[3] = host_chance(30);
		break;
	case LIMIT:
		s->arg[3] = host_chance(50);	/* none */
		break;
	case DIRECTION:
	case SCRATCH_ONLY:
		s->arg[3] = host_chance(40);
		break;
	}
}

static phys_addr_t base, size;		/* of the step's range */
static unsigned int from, to;		/* its cells */

/* Also what a range is that wraps: memblock must cut it off. */
static void take_range(const struct step *s)
{
	from = s->arg[0];
	to = s->arg[1];
	base = bound(from);
	size = bound(to) - base;
	if (to == w.n + 2) {
		size = PHYS_ADDR_MAX;
		if (bound(w.n + 1) == PHYS_ADDR_MAX)
			to--;		/* there is nothing above the cells */
	}
}

/* Would the step take away memory that an array of memblock is in? */
static bool hits_array(unsigned int a, unsigned int b)
{
	for (; a < b; a++)
		if (array[a])
			return true;
	return false;
}

static void set_cells(cell *cells, cell is)
{
	unsigned int i;

	for (i = from; i < to; i++)
		if (!cells[i])
			cells[i] = is;
}

static void clear_cells(cell *cells, unsigned int a, unsigned int b)
{
	for (; a < b; a++)
		cells[a] = 0;
}

static void flag_cells(cell *cells, int flag, bool set)
{
	unsigned int i;

	for (i = from; i < to; i++)
		if (cells[i])
			cells[i] = set ? cells[i] | flag << 5 :
				cells[i] & ~(flag << 5);
}

static void node_cells(cell *cells, int nid)
{
	unsigned int i;

	for (i = from; i < to; i++)
		if (cells[i])
			cells[i] = value(flags_of(cells[i]), nid);
}

/* The cell where the first @limit bytes of memory end; 0: beyond all. */
static unsigned int where_memory_ends(phys_addr_t limit)
{
	unsigned int i;

	for (i = 1; i <= w.n; i++) {
		phys_addr_t bytes = bound(i + 1) - bound(i);

		if (!memory[i])
			continue;
		if (limit <= bytes)
			return limit == bytes ? i + 1 : 0;
		limit -= bytes;
	}
	return 0;
}

/* What the kernel's code gave back. */
static phys_addr_t got;
static void *got_ptr;
static int ret;

static phys_addr_t alloc_start, alloc_end;

static void call(void *arg)
{
	const struct step *s = arg;
	phys_addr_t align = s->arg[4], bytes = s->arg[5];
	int nid = (int)s->arg[2];

	switch (s->kind) {
	case ADD:
		ret = memblock_add(base, size);
		break;
	case ADD_NODE:
		ret = memblock_add_node(base, size, nid, s->arg[3]);
		break;
	case REMOVE:
		ret = memblock_remove(base, size);
		break;
	case RESERVE:
		ret = memblock_reserve(base, size);
		break;
	case RESERVE_KERN:
		ret = memblock_reserve_kern(base, size);
		break;
	case RESERVE_NODE:
		ret = __memblock_reserve(base, size, nid, s->arg[3]);
		break;
	case FREE:
		ret = memblock_phys_free(base, size);
		break;
	case FREE_PTR:
		memblock_free(__va(base), size);
		break;
	case MARK:
		ret = marks[s->arg[3]].fn(base, size);
		break;
	case SET_NODE:
		ret = memblock_set_node(base, size, type_of(s->arg[3]), nid);
		break;
	case PHYS_ALLOC:
		got = memblock_phys_alloc(bytes, align);
		break;
	case PHYS_ALLOC_RANGE:
		got = memblock_phys_alloc_range(bytes, align, alloc_start,
						alloc_end);
		break;
	case PHYS_ALLOC_NID:
		got = memblock_phys_alloc_try_nid(bytes, align, nid);
		break;
	case ALLOC_RANGE_NID:
		got = memblock_alloc_range_nid(bytes, align, alloc_start,
					       alloc_end, nid, bytes & w.unit);
		break;
	case ALLOC:
		got_ptr = memblock_alloc(bytes, align);
		break;
	case ALLOC_RAW:
		got_ptr = memblock_alloc_raw(bytes, align);
		break;
	case ALLOC_FROM:
		got_ptr = memblock_alloc_from(bytes, align, alloc_start);
		break;
	case ALLOC_LOW:
		got_ptr = memblock_alloc_low(bytes, align);
		break;
	case ALLOC_NODE:
		got_ptr = memblock_alloc_node(bytes, align, nid);
		break;
	case ALLOC_TRY_NID:
		got_ptr = memblock_alloc_try_nid(bytes, align, alloc_start,
						 alloc_end, nid);
		break;
	case ALLOC_TRY_NID_RAW:
		got_ptr = memblock_alloc_try_nid_raw(bytes, align,
						     alloc_start, alloc_end,
						     nid);
		break;
	case ALLOC_EXACT:
		got_ptr = memblock_alloc_exact_nid_raw(bytes, align,
						       alloc_start,
						       alloc_end, nid);
		break;
	case LIMIT:
		memblock_set_current_limit(s->arg[3] ?
			MEMBLOCK_ALLOC_ANYWHERE : base);
		break;
	case DIRECTION:
		memblock_set_bottom_up(s->arg[3]);
		break;
	case TRIM:
		memblock_trim_memory(align);
		break;
	case ENFORCE:
		memblock_enforce_memory_limit(size);
		break;
	case CAP:
		memblock_cap_memory_range(base, size);
		break;
	case MEM_LIMIT:
		memblock_mem_limit_remove_map(size);
		break;
	case SCRATCH_ONLY:
		if (s->arg[3])
			memblock_set_kho_scratch_only();
		else
			memblock_clear_kho_scratch_only();
		break;
	}
}

/* Which list may grow in this step; -1: none. */
static int grows(const struct step *s)
{
	switch (s->kind) {
	case ADD: case ADD_NODE: case REMOVE: case CAP: case MEM_LIMIT:
	case ENFORCE:
		return 0;
	case MARK:
		return marks[s->arg[3]].reserved;
	case SET_NODE:
		return s->arg[3];
	case RESERVE: case RESERVE_KERN: case RESERVE_NODE: case FREE:
	case FREE_PTR:
	case PHYS_ALLOC ... ALLOC_EXACT:
		return 1;
	}
	return -1;
}

/*
 * May the step have failed for want of room in the lists? Both may have to
 * grow: the new array of the one is an entry of the other.
 */
static bool may_be_full(const struct step *s, int which, unsigned int a,
			unsigned int b)
{
	static const cell *cells[] = { memory, reserved };
	struct memblock_type *type = type_of(which);
	unsigned int pieces = 2, i;	/* what a split takes at most */
	phys_addr_t limit = memblock.current_limit;

	if (which < 0)
		return false;
	for (i = a; i < b; i++)
		pieces += !cells[which][i] &&
			  (i == a || cells[which][i - 1]);
	if (type->cnt + pieces <= was[which].max)
		return false;
	if (type->cnt + pieces + 2 > 2 * was[which].max)
		return true;		/* to grow once would not do */
	if (s->kind == REMOVE)		/* no list grows into what goes */
		limit = min(limit, bound(a));
	return !w.resize || cannot_grow(which, a, b, limit) ||
	       (!which && memblock.reserved.cnt + 2 > was[1].max);
}

static void zeroed(const u8 *p, phys_addr_t n)
{
	phys_addr_t i;

	for (i = 0; i < n; i++)
		host_check(!p[i], "byte %#llx of what was allocated is not 0",
			   (u64)i);
}

static bool is_raw(unsigned int kind)
{
	return kind == ALLOC_RAW || kind == ALLOC_TRY_NID_RAW ||
	       kind == ALLOC_EXACT;
}

static void run_alloc(struct step *s)
{
	phys_addr_t align = s->arg[4], bytes = s->arg[5], want;
	phys_addr_t start = 0, end = 0;
	int nid = NUMA_NO_NODE, got_nid;
	bool exact = false, retry = s->kind >= ALLOC, panicked;

	alloc_start = bound(s->arg[0]);
	alloc_end = bound(s->arg[1]);
	if (alloc_start >= alloc_end)
		alloc_end = MEMBLOCK_ALLOC_ACCESSIBLE;
	switch (s->kind) {
	case PHYS_ALLOC_RANGE:
		start = alloc_start, end = alloc_end;
		break;
	case PHYS_ALLOC_NID: case ALLOC_NODE:
		nid = s->arg[2];
		break;
	case ALLOC_RANGE_NID:
		exact = bytes & w.unit;
		start = alloc_start, end = alloc_end, nid = s->arg[2];
		break;
	case ALLOC_FROM:
		start = alloc_start;
		break;
	case ALLOC_LOW:
		end = 0xffffffff;
		break;
	case ALLOC_EXACT:
		exact = true;
		/* fall through */
	case ALLOC_TRY_NID: case ALLOC_TRY_NID_RAW:
		start = alloc_start, end = alloc_end, nid = s->arg[2];
	}
	if (retry && end > memblock.current_limit)
		end = memblock.current_limit;
	want = find_any(bytes, align, start, end, nid, exact, &got_nid);
	if (!want && retry && start)
		want = find_any(bytes, align, 0, end, nid, exact, &got_nid);
	from = to = 0;
	if (want) {
		from = cell_of(want);
		to = cell_of(want + bytes - 1) + 1;
	}
	got = 0;
	got_ptr = NULL;
	panicked = host_try(call, s);
	if (got_ptr)
		got = __pa(got_ptr);
	if (want && (panicked || !got)) {
		host_check(may_be_full(s, 1, from, to),
			   "%#llx bytes: 0, and %#llx is free", (u64)bytes,
			   (u64)want);
		w.over = panicked && w.resize;
		if (w.over)
			return;
		want = 0;
	}
	host_check(!panicked || !want, "panic: %s", host_reason);
	host_check(got == want, "%#llx bytes: %#llx instead of %#llx",
		   (u64)bytes, (u64)got, (u64)want);
	if (!want)
		from = to = 0;
	if (want && retry && !is_raw(s->kind)) {
		zeroed(__va(got), bytes);
		paint(from, to);
	}
	follow_array(0, 0, 0);
	follow_array(1, from, to);
	leave_array(0);
	leave_array(1);
	if (!want)
		return;
	set_cells(reserved, value(MEMBLOCK_RSRV_KERN, got_nid));
}

static bool is_cut_nomap(unsigned int at)
{
	return at > 1 && at <= w.n && memory[at] == memory[at - 1] &&
	       flags_of(memory[at]) & MEMBLOCK_NOMAP;
}

/* Steps that change one of the lists by a range. */
static void run_change(struct step *s)
{
	unsigned int i, cut_from, cut_to;
	int which = grows(s);
	bool failed, spared, any_memory = memblock.memory.total_size;

	if (s->kind == FREE_PTR && (to > w.n + 1 || from == to))
		return;
	if ((s->kind == ENFORCE || s->kind == MEM_LIMIT) && size % w.unit)
		return;
	if ((s->kind == ADD || s->kind == ADD_NODE || s->kind == CAP ||
	     s->kind == ENFORCE || s->kind == MEM_LIMIT) && to > w.n + 1)
		return;
	if ((s->kind == FREE || s->kind == FREE_PTR ||
	     (which == 1 && (s->kind == MARK || s->kind == SET_NODE))) &&
	    hits_array(from, to))
		return;			/* nobody frees memblock's own */
	if ((s->kind == CAP || s->kind == ENFORCE || s->kind == MEM_LIMIT) &&
	    (memblock.memory.cnt + 4 > memblock.memory.max ||
	     memblock.reserved.cnt + 4 > memblock.reserved.max))
		return;			/* for reserved they say nothing */
	cut_from = cut_to = 0;
	if (s->kind == CAP && from < to) {
		cut_from = from, cut_to = to;
	} else if (s->kind == ENFORCE || s->kind == MEM_LIMIT) {
		cut_to = where_memory_ends(size);
		if (cut_to == w.n + 1 && bound(cut_to) == PHYS_ADDR_MAX)
			cut_to = 0;
	}
	if (cut_to && (hits_array(0, cut_from) || hits_array(cut_to, w.n + 2)))
		return;

	ret = 0;
	failed = host_try(call, s);
	if (s->kind == FREE_PTR && host_logged("Failed to double"))
		ret = -1;		/* it has no other way to say so */
	if (failed || ret) {
		host_check(may_be_full(s, which, from, to),
			   failed ? "panic: %s" : "it failed%s",
			   failed ? host_reason : "");
		w.over = failed && w.resize;
		if (failed)
			return;
	}
	spared = which == 1 || s->kind == REMOVE;
	follow_array(0, s->kind == REMOVE ? from : 0,
		     s->kind == REMOVE ? to : 0);
	follow_array(1, spared ? from : 0, spared ? to : 0);
	leave_array(0);
	leave_array(1);
	if (ret)
		return;
	switch (s->kind) {
	case ADD:
		set_cells(memory, value(0, MAX_NUMNODES));
		break;
	case ADD_NODE:
		set_cells(memory, value(s->arg[3], s->arg[2]));
		break;
	case REMOVE:
		clear_cells(memory, from, to);
		break;
	case RESERVE:
		set_cells(reserved, value(0, NUMA_NO_NODE));
		break;
	case RESERVE_KERN:
		set_cells(reserved, value(MEMBLOCK_RSRV_KERN, NUMA_NO_NODE));
		break;
	case RESERVE_NODE:
		set_cells(reserved, value(s->arg[3], s->arg[2]));
		break;
	case FREE: case FREE_PTR:
		clear_cells(reserved, from, to);
		break;
	case MARK:
		if (marks[s->arg[3]].flag == MEMBLOCK_MIRROR) {
			if (!mirrored_kernelcore)
				break;
			mirrors = true;
		}
		flag_cells(marks[s->arg[3]].reserved ? reserved : memory,
			   marks[s->arg[3]].flag, marks[s->arg[3]].set);
		break;
	case SET_NODE:
		node_cells(s->arg[3] ? reserved : memory, s->arg[2]);
		break;
	case ENFORCE:
		if (cut_to) {
			clear_cells(memory, cut_to, w.n + 2);
			clear_cells(reserved, cut_to, w.n + 2);
		}
		break;
	case CAP: case MEM_LIMIT:
		if (!cut_to || !any_memory)
			break;		/* it says so, and does nothing */
		/* Linux, too, leaves a cut through NOMAP memory unmerged. */
		w.over = is_cut_nomap(cut_from) || is_cut_nomap(cut_to);
		for (i = 0; i < w.n + 2; i++) {
			if (i >= cut_from && i < cut_to)
				continue;
			if (!(flags_of(memory[i]) & MEMBLOCK_NOMAP))
				memory[i] = 0;
			reserved[i] = 0;
		}
		break;
	}
}

static void run_trim(struct step *s)
{
	phys_addr_t align = s->arg[4], lo, hi, end;
	unsigned int i, first;

	host_check(!host_try(call, s), "panic: %s", host_reason);
	for (first = 1; first <= w.n; first = i) {
		for (i = first + 1; i <= w.n && memory[i] == memory[first];)
			i++;
		if (!memory[first])
			continue;
		end = bound(i);
		lo = (bound(first) + align - 1) & ~(align - 1);
		hi = end & ~(align - 1);
		if (lo < bound(first) || lo >= hi)
			lo = hi = end;	/* nothing is left */
		else
			trimmed += lo - bound(first) + (end - hi);
		clear_cells(memory, first, lo == end ? i : cell_of(lo));
		if (hi != end)
			clear_cells(memory, cell_of(hi), i);
	}
}

/* Questions, at the ends of a range and in its middle. */
static void ask(void)
{
	phys_addr_t where[4] = { base, bound(to) - 1, base + size / 2,
				 base - 1 }, sum = 0, kern = 0;
	unsigned int i, k;
	bool all = from < to, any = false;

	for (i = 0; i < 4; i++) {
		k = cell_of(where[i]);
		if (where[i] == PHYS_ADDR_MAX)
			continue;
		host_check(memblock_is_memory(where[i]) == !!memory[k],
			   "memblock_is_memory(%#llx)", (u64)where[i]);
		host_check(memblock_is_reserved(where[i]) == !!reserved[k],
			   "memblock_is_reserved(%#llx)", (u64)where[i]);
		host_check(memblock_is_map_memory(where[i]) ==
			   (memory[k] && !(flags_of(memory[k]) &
					   MEMBLOCK_NOMAP)),
			   "memblock_is_map_memory(%#llx)", (u64)where[i]);
	}
	for (i = from; i < to; i++) {
		all &= memory[i] && memory[i] == memory[from];
		any |= !!reserved[i];
	}
	if (from < to && to <= w.n + 1) {
		host_check(memblock_is_region_memory(base, size) == all,
			   "memblock_is_region_memory(%#llx, %#llx)",
			   (u64)base, (u64)size);
		host_check(memblock_is_region_reserved(base, size) == any,
			   "memblock_is_region_reserved(%#llx, %#llx)",
			   (u64)base, (u64)size);
	}
	k = 0;
	for (i = 0; i < w.n + 2; i++) {
		if (memory[i])
			sum += bound(i + 1) - bound(i);
		if (memory[i])
			k = i;
		if (flags_of(reserved[i]) & MEMBLOCK_RSRV_KERN)
			kern += bound(i + 1) - bound(i);
	}
	if (memblock_phys_mem_size() == sum + trimmed)
		sum += trimmed;
	host_check(memblock_phys_mem_size() == sum,
		   "memblock_phys_mem_size() is %#llx",
		   (u64)memblock_phys_mem_size());
	if (k) {
		host_check(memblock_end_of_DRAM() == bound(k + 1),
			   "memblock_end_of_DRAM() is %#llx",
			   (u64)memblock_end_of_DRAM());
		for (i = 1; !memory[i]; i++)
			;
		host_check(memblock_start_of_DRAM() == bound(i),
			   "memblock_start_of_DRAM() is %#llx",
			   (u64)memblock_start_of_DRAM());
	}
	host_check(memblock_reserved_kern_size(PHYS_ADDR_MAX, NUMA_NO_NODE)
		   == kern, "memblock_reserved_kern_size() is %#llx, not %#llx",
		   (u64)memblock_reserved_kern_size(PHYS_ADDR_MAX,
						    NUMA_NO_NODE), (u64)kern);
	host_check(kern > sum || memblock_estimated_nr_free_pages() ==
		   (unsigned long)((sum - kern) >> PAGE_SHIFT),
		   "memblock_estimated_nr_free_pages() is %lu",
		   memblock_estimated_nr_free_pages());
}

/* All iterators: what they give, and in which order. */
static void same_range(int i, int n, phys_addr_t start, phys_addr_t end,
		       int nid, const char *who)
{
	host_check(i >= 0 && i < n, "%s gives [%#llx-%#llx] too many", who,
		   (u64)start, (u64)end - 1);
	host_check(start == free_range[i].start && end == free_range[i].end,
		   "%s gives [%#llx-%#llx] instead of [%#llx-%#llx]", who,
		   (u64)start, (u64)end - 1, (u64)free_range[i].start,
		   (u64)free_range[i].end - 1);
	host_check(nid == free_range[i].nid, "%s gives node %d for %#llx",
		   who, nid, (u64)start);
}

static int walked_memory(void)
{
	unsigned int i, first;
	int n = 0;

	for (first = 1; first <= w.n; first = i) {
		for (i = first + 1; i <= w.n && memory[i] == memory[first];)
			i++;
		if (memory[first] &&
		    !(flags_of(memory[first]) & MEMBLOCK_NOMAP))
			free_range[n++] = (struct range){ bound(first),
				bound(i), nid_of(memory[first]) };
	}
	return n;
}

static void walk(const struct step *s)
{
	static const int flags[] = { MEMBLOCK_NONE, MEMBLOCK_HOTPLUG,
		MEMBLOCK_NOMAP, MEMBLOCK_DRIVER_MANAGED,
		MEMBLOCK_KHO_SCRATCH, MEMBLOCK_MIRROR };
	int flag = flags[s->arg[5] / w.unit % ARRAY_SIZE(flags)];
	int nid = (int)s->arg[2], n = free_ranges(nid, flag), k = 0, node;
	phys_addr_t start, end, last = 0;
	unsigned long pfn, end_pfn, pages = 0;
	unsigned int c;
	u64 i;

	for_each_free_mem_range(i, nid, flag, &start, &end, &node)
		if (start < end)	/* between two that touch: nothing */
			same_range(k++, n, start, end, node, "for_each_free");
	host_check(k == n, "for_each_free_mem_range gives %d of %d", k, n);
	for_each_free_mem_range_reverse(i, nid, flag, &start, &end, &node)
		if (start < end)
			same_range(--k, n, start, end, node, "…_reverse");
	host_check(!k, "for_each_free_mem_range_reverse leaves %d out", k);
	n = walked_memory();
	for_each_mem_range(i, &start, &end) {
		same_range(k, n, start, end, free_range[min(k, n - 1)].nid,
			   "for_each_mem_range");
		k++;
	}
	host_check(k == n, "for_each_mem_range gives %d of %d", k, n);
	for_each_mem_range_rev(i, &start, &end) {
		--k;
		same_range(k, n, start, end, free_range[max(k, 0)].nid,
			   "for_each_mem_range_rev");
	}
	host_check(!k, "for_each_mem_range_rev leaves %d out", k);
	for_each_reserved_mem_range(i, &start, &end) {
		host_check(start >= last && start < end &&
			   at_bound(start) >= 0, "for_each_reserved gives "
			   "[%#llx-%#llx]", (u64)start, (u64)end - 1);
		last = end;
		k++;
	}
	host_check(k == (int)memblock.reserved.cnt,
		   "for_each_reserved_mem_range gives %d of %lu", k,
		   memblock.reserved.cnt);
	if (w.unit != PAGE_SIZE)
		return;
	for_each_mem_pfn_range(k, nid, &pfn, &end_pfn, &node) {
		for (; pfn < end_pfn; pfn++, pages--) {
			c = cell_of(PFN_PHYS(pfn));
			host_check(memory[c] && nid_of(memory[c]) == node,
				   "for_each_mem_pfn_range gives pfn %#lx",
				   pfn);
		}
	}
	for (c = 1; c <= w.n; c++)
		pages += memory[c] && (nid < 0 || sizeof(phys_addr_t) == 4 ||
				       nid_of(memory[c]) == nid) &&
			 bound(c + 1) - bound(c) == PAGE_SIZE;
	host_check(!pages, "for_each_mem_pfn_range leaves %ld pages out",
		   pages);
}

static void set_scene(const struct step *s)
{
	take_scene(s);
	memset(memory, 0, sizeof(memory));
	memset(reserved, 0, sizeof(reserved));
	memset(array, 0, sizeof(array));
	scratch_only = mirrors = false;
	trimmed = 0;
	host_ram_at(w.base, (u64)w.unit * w.n);
	paint(1, w.n + 1);

	mirrored_kernelcore = s->arg[4] >> 1 & 1;
	memblock.memory.max >>= s->arg[4] >> 3;
	memblock.reserved.max >>= s->arg[4] >> 3;
	if (w.resize)
		memblock_allow_resize();
	memblock_set_bottom_up(s->arg[5]);
	if (w.crumbs) {			/* something to make crumbs of */
		from = 1;
		to = w.n + 1;
		memblock_add_node(bound(1), bound(to) - bound(1), 0, 0);
		set_cells(memory, value(0, 0));
	}
}

static void run(const struct step *step, int first)
{
	struct step s = *step;

	if (first) {
		set_scene(&s);
		return;
	}
	host_log_clear();
	if (w.over)
		return;
	remember_arrays();
	take_range(&s);
	switch (s.kind) {
	case PHYS_ALLOC ... ALLOC_EXACT:
		run_alloc(&s);
		break;
	case LIMIT: case DIRECTION:
		call(&s);
		break;
	case SCRATCH_ONLY:
		call(&s);
		scratch_only = s.arg[3];
		break;
	case TRIM:
		run_trim(&s);
		break;
	case ASK:
		ask();
		break;
	case WALK:
		walk(&s);
		break;
	default:
		run_change(&s);
	}
	if (w.over)
		return;
	check_list(&memblock.memory, memory);
	check_list(&memblock.reserved, reserved);
	if (!(++w.steps % 256))
		check_paint();
}

/* The step as a line of C. */
static void show(const struct step *s, int first)
{
	bool high = s->arg[1] > w.n + 1;

	if (first) {
		take_scene(s);
		host_say("/* %llu cells of %llu bytes from %#llx, %llu nodes,\n"
			 "   lists of %u, %s, %s%s */\n", s->arg[2],
			 s->arg[1], s->arg[0], s->arg[3],
			 INIT_MEMBLOCK_REGIONS >> (s->arg[4] >> 3),
			 s->arg[4] & 1 ? "may grow" : "may not grow",
			 s->arg[5] ? "bottom up" : "top down",
			 s->arg[4] & 2 ? ", kernelcore=mirror" : "");
		if (s->arg[4] & 4)
			host_say("memblock_add_node(%#llx, %#llx, 0, 0);\n",
				 (u64)bound(1),
				 (u64)(bound(w.n + 1) - bound(1)));
		return;
	}
	take_range(s);
	host_say("%s(", s->kind == MARK ? marks[s->arg[3]].name :
		 kinds[s->kind].name);
	switch (s->kind) {
	case LIMIT:
		host_say("%#llx", s->arg[3] ? (u64)MEMBLOCK_ALLOC_ANYWHERE :
			 (u64)base);
		break;
	case DIRECTION: case SCRATCH_ONLY:
		host_say("%s", s->arg[3] ? "true" : "false");
		break;
	case TRIM:
		host_say("%#llx", s->arg[4]);
		break;
	case ENFORCE: case MEM_LIMIT:
		host_say("%#llx", (u64)size);
		break;
	case PHYS_ALLOC ... ALLOC_EXACT:
		host_say("%#llx, %#llx", s->arg[5], s->arg[4]);
		if (s->kind != PHYS_ALLOC && s->kind != ALLOC &&
		    s->kind != ALLOC_RAW && s->kind != ALLOC_LOW)
			host_say(" /* range %#llx to %#llx, node %d */",
				 (u64)base, (u64)bound(s->arg[1]),
				 (int)s->arg[2]);
		break;
	default:
		host_say("%#llx, %#llx", (u64)base,
			 high ? (u64)PHYS_ADDR_MAX : (u64)size);
		if (s->kind == ADD_NODE || s->kind == RESERVE_NODE)
			host_say(", %d, %#llx", (int)s->arg[2], s->arg[3]);
		if (s->kind == SET_NODE)
			host_say(", &memblock.%s, %d",
				 s->arg[3] ? "reserved" : "memory",
				 (int)s->arg[2]);
	}
	host_say(");\n");
}

const struct subject subject = { "memblock", 3000, make, run, show };
