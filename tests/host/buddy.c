/*
 * Random steps of the buddy allocator, against the model of buddy_model.h.
 * The zones and struct pages are laid out here by hand, so that their ends
 * may lie where no machine has them.
 */
#include <linux/fault-inject.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/start_kernel.h>
#include <linux/string.h>
#include "host.h"
#include "mm_init.h"
#include "page_alloc.h"

#include "buddy_model.h"

/* --- a world, out of one number --------------------------------------- */

enum shape { FEW, CRUMBS, MIDDLE, FAR, LARGE, GAPS, HUGE };
#ifdef FUZZ			/* has a world for each input */
#define QUICK		LARGE
#define NOT_QUICK	1
#else
#define QUICK		HUGE
#define NOT_QUICK	6
#endif
static const char *const shapes[] = { "a few pages", "crumbs",
	"some megabytes", "far up", "many megabytes", "gaps", "all there is" };

static void add_range(unsigned long from, unsigned long to)
{
	if (to > w.n)
		to = w.n;
	if (from >= to || w.nr_ranges == RANGES)
		return;
	w.range[w.nr_ranges].from = from;
	w.range[w.nr_ranges++].to = to;
}

/* Ranges, one above the other, with ends that fit nothing. */
static void make_ranges(unsigned int nr, unsigned long hole)
{
	unsigned long at = host_dice(hole), length;

	while (nr--) {
		length = 1 + host_dice(2 * w.n / (nr + 2));
		add_range(at, at + length);
		at += length + 1 + host_dice(hole);
	}
	if (!w.nr_ranges)
		add_range(0, w.n);
}

static void make_memory(enum shape shape)
{
	switch (shape) {
	case FEW:		/* 11 of 16 pages, 6 of 8 … */
		w.n = 8 + host_dice(56);
		add_range(host_dice(3), w.n - host_dice(w.n / 2));
		break;
	case CRUMBS:
		w.n = 64 + host_dice(700);
		make_ranges(1 + host_dice(RANGES), 9);
		break;
	case GAPS:
		w.n = PAGES / 4 + host_dice(PAGES / 4);
		make_ranges(2 + host_dice(3), w.n / 2);
		break;
	case HUGE:		/* HIGHATOMIC blocks are for those alone */
		w.n = PAGES - host_dice(9999);
		make_ranges(1 + host_dice(2), 500);
		break;
	case LARGE:
		w.n = 8192 + host_dice(16384);
		make_ranges(1 + host_dice(4), 600);
		break;
	default:
		w.n = 1024 + host_dice(6000);
		make_ranges(1 + host_dice(5), 300);
	}
}

/* Where the first pfn is: the zones' usual limits play no part here. */
static void make_base(enum shape shape)
{
	/* memblock cannot have the last page of 4 GiB. */
	unsigned long last = sizeof(long) == 8 ? 1UL << 34 : (1UL << 20) - 1;

	if (shape != FAR)
		w.base = 1 + host_dice(40) * 512 +
			 (host_dice(2) ? host_dice(512) : 511);
	else if (host_dice(2))		/* to the last page of all */
		w.base = last - w.n;
	else				/* above 20 GiB, or in HighMem */
		w.base = sizeof(long) == 8 ? (5UL << 20) + host_dice(1 << 20) :
			 last - w.n - host_dice(200000);
}

static void make_edges(enum shape shape)
{
	static const u8 grain[] = { 1, 1, 2, 3, 10, 10, 10, 10 };
	unsigned long i, k, at, g = 1UL << grain[host_dice(8)];
	bool several = shape == HUGE ? !host_dice(6) : host_dice(4);

	for (i = 1; i < ZONES; i++) {
		at = several ? host_dice(w.n) : host_dice(2) * w.n;
		at = ALIGN(w.base + at, g) - w.base;
		w.edge[i] = at > w.n ? w.n : at;
	}
	for (i = 1; i < ZONES; i++)		/* in order */
		for (k = i + 1; k < ZONES; k++)
			if (w.edge[k] < w.edge[i]) {
				at = w.edge[i];
				w.edge[i] = w.edge[k];
				w.edge[k] = at;
			}
	w.edge[0] = 0;
	w.edge[ZONES] = w.n;
}

static unsigned int zone_by_edge(unsigned long i)
{
	unsigned int z = 0;

	while (i >= w.edge[z + 1] && z < ZONES - 1)
		z++;
	return z;
}

static void make_page(unsigned long pfn, unsigned int z, bool reserved)
{
	struct page *page = pfn_to_page(pfn);

	memset(page, 0, sizeof(*page));
	page->flags.f = (unsigned long)z << ZONES_PGSHIFT;
	page->_refcount.counter = 1;
	page->page_type = PAGE_TYPE_NONE;
	INIT_LIST_HEAD(&page->lru);
	if (reserved)
		__SetPageReserved(page);
}

/*
 * Struct pages are there for the whole blocks of the largest order that
 * have memory, and nowhere else: who looks further is caught.
 */
static void make_pages(void)
{
	unsigned long r, pfn, start, end, done = 0;

	memset(state, HOLE, w.n);
	memset(zone_of, 0, w.n);
	host_map_at(w.base, w.n, sizeof(struct page));
#ifdef CONFIG_X86_32
	mem_map = host_map_0;
	max_mapnr = w.base + w.n;
#endif
	for (r = 0; r < w.nr_ranges; r++) {
		start = ALIGN_DOWN(w.base + w.range[r].from,
				   MAX_ORDER_NR_PAGES);
		end = ALIGN(w.base + w.range[r].to, MAX_ORDER_NR_PAGES);
		start = max(start, done);
		done = max(end, done);
		host_map_open(start, end);
		for (pfn = start; pfn < end; pfn++) {
			unsigned long i = pfn < w.base ? 0 : pfn - w.base;
			unsigned int z = zone_by_edge(min(i, w.n - 1));

			make_page(pfn, z, true);
			if (pfn - w.base < w.n)
				zone_of[i] = z + 1;
		}
	}
	for (r = 0; r < w.nr_ranges; r++)
		for (pfn = w.range[r].from; pfn < w.range[r].to; pfn++) {
			state[pfn] = RESERVED;
			make_page(w.base + pfn, zone_of[pfn] - 1, false);
		}
}

#ifdef CONFIG_X86_64
static pg_data_t node_0;
static struct mem_section section[SECTIONS_PER_ROOT], *root[NR_SECTION_ROOTS];
static struct mem_section_usage usage[SECTIONS_PER_ROOT];

/* Sections' numbers are folded: a world is in three of them at most. */
static void make_blocks(void)
{
	unsigned long r, nr, pfn;

	memset(section, 0, sizeof(section));
	memset(usage, 0, sizeof(usage));
	for (r = 0; r < NR_SECTION_ROOTS; r++)
		root[r] = section;
	mem_section = root;
	__highest_present_section_nr = (w.base + w.n - 1) >> PFN_SECTION_SHIFT;
	for (r = 0; r < w.nr_ranges; r++)
		for (pfn = w.base + w.range[r].from;
		     pfn < w.base + w.range[r].to; pfn++) {
			nr = pfn >> PFN_SECTION_SHIFT;
			__nr_to_section(nr)->usage =
				&usage[nr % SECTIONS_PER_ROOT];
			__nr_to_section(nr)->section_mem_map =
				SECTION_MARKED_PRESENT | SECTION_HAS_MEM_MAP;
		}
	for (pfn = ALIGN_DOWN(w.base, pageblock_nr_pages);
	     pfn < w.base + w.n; pfn += pageblock_nr_pages)
		if (host_map_has(pfn) && pfn_valid(pfn))
			set_pageblock_migratetype(pfn_to_page(pfn),
						  MIGRATE_MOVABLE);
}
#else
static unsigned long block_bits[ZONES][PAGES / 256];

static void make_blocks(void)
{
	unsigned long i;

	memset(block_bits, 0, sizeof(block_bits));
	for (i = 0; i < ZONES; i++)
		zone_at(i)->pageblock_flags = block_bits[i];
	for (i = 0; i < w.n; i++)
		if (zone_of[i] && (!i || zone_of[i] != zone_of[i - 1] ||
				   !((w.base + i) % pageblock_nr_pages)))
			set_pageblock_migratetype(pfn_to_page(w.base + i),
						  MIGRATE_MOVABLE);
}
#endif

/* The CPU's lists: the boot's, which keep nothing, or of some size. */
static void make_pcp(unsigned int size)
{
	static const u8 batches[] = { 1, 1, 7, 31, 63 };
	struct zone *z;

	if (!size)
		return;
	setup_per_cpu_pageset();
	w.short_way = true;
	for_each_populated_zone(z) {
		struct per_cpu_pages *pcp = z->per_cpu_pageset;

		pcp->batch = batches[size];
		pcp->high = pcp->high_min = 4 * pcp->batch + host_dice(200);
		pcp->high_max = pcp->high_min + host_dice(2) * host_dice(1000);
	}
}

static void make_zone(struct zone *z, unsigned int k)
{
	unsigned long i, first = w.n, last = 0;
	int mt, order;

	for (i = w.edge[k]; i < w.edge[k + 1]; i++)
		if (state[i] != HOLE) {
			first = min(first, i);
			last = i + 1;
			z->present_pages++;
		}
	z->zone_pgdat = NODE_DATA(0);
	z->name = zone_names[k];
	zone_pcp_init(z);
	for (order = 0; order < NR_PAGE_ORDERS; order++)
		for (mt = 0; mt < MIGRATE_TYPES; mt++)
			INIT_LIST_HEAD(list_of(z, order, mt));
	if (!z->present_pages)
		return;
	z->zone_start_pfn = w.base + first;
	z->spanned_pages = last - first;
	z->initialized = true;
}

static void make_zones(void)
{
	pg_data_t *node = NODE_DATA(0);
	unsigned int k;

	memset(node, 0, sizeof(*node));
	node->first_deferred_pfn = ULONG_MAX;
	node->node_start_pfn = w.base;
	node->node_spanned_pages = w.n;
	for (k = 0; k < ZONES; k++) {
		make_zone(zone_at(k), k);
		if (!populated_zone(zone_at(k)))
			continue;
		node->node_present_pages += zone_at(k)->present_pages;
		node->nr_zones = k + 1;
	}
	build_all_zonelists(NULL);
}

/*
 * Marks from nothing to a fourth of a zone or all of it, and a part that is
 * not for those who could have pages of a higher zone.
 */
static void make_marks(unsigned int size)
{
	unsigned int k, j;

	for (k = 0; k < ZONES; k++) {
		struct zone *z = zone_at(k);
		unsigned long most = size ? z->managed_pages / 8 : 0;
		unsigned long min = host_dice(most + 1);
		unsigned long step = host_dice(min / 2 + 1);

		if (size == 2 && !host_dice(3))	/* only who tries harder gets */
			step = z->managed_pages;

		z->_watermark[WMARK_MIN] = min;
		z->_watermark[WMARK_LOW] = min + step;
		z->_watermark[WMARK_HIGH] = min + 2 * step;
		z->_watermark[WMARK_PROMO] = min + 3 * step;
		for (j = k + 1; j < ZONES; j++)
			z->lowmem_reserve[j] = size < 2 ? 0 :
				host_dice(z->managed_pages / 8 + 1);
	}
}

/* What nobody may have: some pages, with ends as odd as memory's. */
static void make_reserved(void)
{
	unsigned long i, from, length;
	unsigned int nr = host_dice(6);

	for (i = 0; i < w.n; i++)
		if (state[i] == RESERVED)
			state[i] = FREE;
	while (nr--) {
		from = host_dice(w.n);
		length = 1 + host_dice(w.n / (host_dice(4) ? 64 : 8) + 2);
		for (i = from; i < from + length && i < w.n; i++)
			if (state[i] == FREE)
				state[i] = RESERVED;
	}
}

/* Not all ends are those of pages: up to half of one more, or less. */
static phys_addr_t part(void)
{
	return host_dice(2) ? 0 : host_dice(PAGE_SIZE / 2);
}

static void tell_memblock(void)
{
	phys_addr_t start, size, less;
	unsigned long i, k, r;

	for (r = 0; r < w.nr_ranges; r++) {
		less = w.base + w.range[r].from ? part() : 0;
		start = PFN_PHYS(w.base + w.range[r].from) - less;
		size = PFN_PHYS(w.range[r].to - w.range[r].from) + less;
		memblock_add_node(start, size + part(), 0, MEMBLOCK_NONE);
	}
	for (i = 0; i < w.n; i = k) {
		for (k = i + 1; k < w.n && state[k] == state[i]; k++)
			;
		if (state[i] != RESERVED)
			continue;
		less = part();
		memblock_reserve(PFN_PHYS(w.base + i) + less,
				 PFN_PHYS(k - i) - less - part());
	}
	max_pfn = w.base + w.n;
	max_low_pfn = max_pfn;
}

static void hand_over(void)
{
	unsigned long i;

	for (i = 0; i < w.n; i++)
		if (state[i] == FREE) {
			w.free[zone_of[i] - 1]++;
			w.managed[zone_of[i] - 1]++;
		}
	tell_memblock();
	memblock_free_all();
}

/* Ways in which all pages are treated. */
enum treatment { PLAIN, ONE_TYPE, CHECKED, POISONED, ZERO_NEW, ZERO_FREE,
		 TREATMENTS };
static const char *const treatments[] = { "plain", "types do not count",
	"check_pages", "page_poison", "init_on_alloc", "init_on_free" };

/*
 * arg[0]: what the dice begin with, arg[1]: the shape, arg[2]: the CPU's
 * lists, arg[3]: marks, arg[4]: is the boot over, arg[5]: the treatment.
 */
static void set_scene(const struct step *s)
{
	memset(&w, 0, sizeof(w));
	nr_live = 0;
#ifdef CONFIG_NUMA
	node_data[0] = &node_0;
#endif
	host_dice_from(s->arg[0]);
	make_memory(s->arg[1]);
	make_base(s->arg[1]);
	make_edges(s->arg[1]);
	w.content = w.n <= HOST_RAM / PAGE_SIZE;
	w.every = max(w.n / 32, 1UL);
	host_ram_at(PFN_PHYS(w.base), w.content ? PFN_PHYS(w.n) : 0);
	make_pages();
	make_zones();
	make_blocks();
	make_reserved();
	page_group_by_mobility_disabled = s->arg[5] == ONE_TYPE;
	check_pages_enabled = s->arg[5] == CHECKED;
	page_poisoning = s->arg[5] == POISONED && w.n <= 2000;
	init_on_alloc = s->arg[5] == ZERO_NEW && w.n <= 2000;
	init_on_free = s->arg[5] == ZERO_FREE && w.n <= 2000;
	hand_over();
	make_marks(s->arg[3]);
	make_pcp(s->arg[2]);
	gfp_allowed_mask = s->arg[4] ? ~0u : GFP_BOOT_MASK;
	check_counts();
	check_all();
}

/* --- the steps --------------------------------------------------------- */

enum kind { ALLOC, ALLOC_FROZEN, ZEROED, BULK, FREE_ONE, FREE_SOME, SPLIT,
	    EXHAUST, DRAIN, ALL_BACK, MARKS, LATE, BAD_REQUEST, BAD_FREE,
	    BAD_LATE, AGAIN, FAIL, EXACT, SCRIBBLE, KINDS };

static const struct host_kind kinds[KINDS] = {
	[ALLOC] = { 0, "alloc_pages" },
	[ALLOC_FROZEN] = { 200, "alloc_frozen_pages" },
	[ZEROED] = { 30, "get_zeroed_page" },
	[EXACT] = { 20, "alloc_pages_exact" },
	[SCRIBBLE] = { 20, "a write to a free page" },
	[BULK] = { 30, "alloc_pages_bulk" },
	[FREE_ONE] = { 0, "__free_pages" },
	[FREE_SOME] = { 20, "__free_pages, of many" },
	[SPLIT] = { 40, "split_page" },
	[EXHAUST] = { 3, "alloc_pages, until there is none" },
	[DRAIN] = { 10, "drain_all_pages" },
	[ALL_BACK] = { 2, "__free_pages, of all" },
	[MARKS] = { 10, "new watermarks" },
	[LATE] = { 20, "memblock_free_late" },
	[BAD_REQUEST] = { 10, "alloc_pages, of what cannot be" },
	[BAD_FREE] = { 20, "__free_pages, of what is not to be freed" },
	[BAD_LATE] = { 5, "memblock_free_late, of what is not reserved" },
	[FAIL] = { 10, "fail_page_alloc=" },
	[AGAIN] = { 10, "__free_pages, again" },
};

static gfp_t choose_gfp(void)
{
	static const gfp_t where[] = { 0, 0, 0, __GFP_DMA, __GFP_DMA32,
		__GFP_HIGHMEM, __GFP_HIGHMEM, __GFP_HIGHMEM };
	static const gfp_t type[] = { 0, 0, __GFP_MOVABLE, __GFP_MOVABLE,
		__GFP_RECLAIMABLE };
	static const gfp_t how[] = { GFP_KERNEL, GFP_KERNEL, GFP_KERNEL,
		GFP_ATOMIC, GFP_ATOMIC, GFP_NOWAIT, GFP_NOFS | __GFP_HIGH,
		__GFP_HIGH | __GFP_NOMEMALLOC };
	gfp_t gfp = where[host_random(ARRAY_SIZE(where))] |
		    type[host_random(ARRAY_SIZE(type))] |
		    how[host_random(ARRAY_SIZE(how))] | __GFP_NOWARN;

	if (host_chance(30))
		gfp |= __GFP_COMP;
	if (host_chance(2))
		gfp |= __GFP_MEMALLOC;
	return gfp;
}

/* Small orders often, the largest seldom. */
static unsigned int choose_order(void)
{
	unsigned int order = host_random(NR_PAGE_ORDERS);

	return host_chance(50) ? host_random(order + 1) : 0;
}

/* For a while more is taken than given back, then the reverse. */
static enum kind choose_kind(void)
{
	if (host_chance(80))
		return host_chance(w.steps / 512 % 2 ? 40 : 62) ? ALLOC :
		       FREE_ONE;
	return host_kind(kinds, KINDS);
}

static void make(struct step *s, int first)
{
	if (first) {
		s->arg[0] = host_random(1ULL << 32);
		s->arg[1] = host_random(QUICK);
		if (host_chance(NOT_QUICK))
			s->arg[1] = HUGE;
		s->arg[2] = host_random(5);
		s->arg[3] = s->arg[1] == HUGE ? 2 : host_random(3);
		s->arg[4] = host_chance(70);
		s->arg[5] = host_chance(60) ? PLAIN : host_random(TREATMENTS);
		return;
	}
	s->kind = choose_kind();
	s->arg[0] = choose_order();
	s->arg[1] = choose_gfp();
	s->arg[2] = host_random(1ULL << 32);
}

static void count(unsigned long pfn, unsigned int order, enum state from,
		  enum state to)
{
	unsigned long i;

	for (i = pfn - w.base; i < pfn - w.base + (1UL << order); i++) {
		host_check(state[i] == from, "pfn %#lx, given out, %s", pfn,
			   state[i] == TAKEN ? "is taken already" :
			   "is nobody's to give");
		state[i] = to;
		w.free[zone_of[i] - 1] += to == FREE ? 1 : -1;
	}
}

static void check_zeros(unsigned long pfn, unsigned int order)
{
	unsigned long *word = __va(PFN_PHYS(pfn)), i;

	for (i = 0; i < (PAGE_SIZE << order) / sizeof(*word); i++)
		host_check(!word[i], "pfn %#lx is not all zeros", pfn);
	memset(word, 0xa5, PAGE_SIZE << order);
}

static void check_poison(unsigned long pfn, unsigned int order)
{
	bool bad = w.scribbled && w.scribbled >> order == pfn >> order;

	if (bad)
		w.scribbled = 0;
	host_check(host_logged("pagealloc:") == bad, "pfn %#lx was %sused "
		   "while it was free, and it is %stold", pfn,
		   bad ? "" : "not ", bad ? "not " : "");
	host_log_clear();
}

/* A block has been given out: it is ours now, if it was to be had. */
static void take(struct page *page, unsigned int order, gfp_t gfp, bool frozen)
{
	unsigned long pfn = pfn_of(page), i;
	struct live *l = &live[nr_live++];

	host_check(!(pfn & ((1UL << order) - 1)), "pfn %#lx, given out with "
		   "order %u, is not aligned", pfn, order);
	host_check(pfn - w.base + (1UL << order) <= w.n, "pfn %#lx, given out"
		   " with order %u, ends outside of this world", pfn, order);
	host_check(model_zone(pfn) && (int)zone_idx(model_zone(pfn)) <=
		   highest_zone(gfp), "pfn %#lx is in a zone above what %#x "
		   "allows", pfn, gfp);
	for (i = 0; i < 1UL << order; i++)
		host_check(model_zone(pfn + i) == model_zone(pfn),
			   "pfn %#lx, of order %u, is in two zones", pfn,
			   order);
	count(pfn, order, FREE, TAKEN);
	if (page_poisoning)
		check_poison(pfn, order);
	if (init_on_alloc || init_on_free)
		check_zeros(pfn, order);
	*l = (struct live){ pfn, order, (gfp & __GFP_COMP) && order, frozen };
	check_live(l);
}

static void give(unsigned int i)
{
	struct live l = live[i];
	struct page *page = pfn_to_page(l.pfn);

	live[i] = live[--nr_live];
	count(l.pfn, l.order, TAKEN, FREE);
	if (l.frozen)
		free_frozen_pages(page, l.order);
	else
		__free_pages(page, l.order);
}

/* It says no: then no zone may be able to say yes. */
static void check_refusal(gfp_t gfp, unsigned int order)
{
	long pfn = foretell(gfp, order);

	if (fail_page_alloc.attr.probability)
		return;			/* it may be on purpose */
	host_check(pfn < 0, "order %u, gfp %#x is refused, and pfn %#lx is "
		   "free", order, gfp, pfn);
}

static bool alloc_one(gfp_t gfp, unsigned int order, bool frozen)
{
	bool fails = fail_page_alloc.attr.probability == 100 &&
		     fail_page_alloc.attr.times;
	long want = foretell(gfp, order);
	struct page *page;

	page = frozen ? alloc_frozen_pages(gfp, order) :
			alloc_pages(gfp, order);
	if (!page) {
		check_refusal(gfp, order);
		return false;
	}
	host_check(!fails, "what should have failed is given pfn %#lx",
		   pfn_of(page));
	host_check((long)pfn_of(page) == want ||
		   (want < 0 && model_zone(pfn_of(page)) &&
		    may_be_had(gfp, order, model_zone(pfn_of(page)))),
		   "order %u, gfp %#x is given pfn %#lx, not %#lx", order,
		   gfp, pfn_of(page), want);
	take(page, order, gfp, frozen);
	return true;
}

static void exhaust(gfp_t gfp, unsigned int order)
{
	unsigned int n = 0;

	if (w.n > 32768)
		order = max(order, 6u);		/* it takes too long else */
	while (alloc_one(gfp, order, false))
		host_check(n++ < w.n, "it gives without end");
}

static void zeroed(gfp_t gfp)
{
	unsigned long addr;
	struct page *page;

	if (!w.content)
		return;
	gfp &= ~(__GFP_HIGHMEM | __GFP_COMP);
	addr = get_zeroed_page(gfp);
	if (!addr) {
		check_refusal(gfp, 0);
		return;
	}
	page = virt_to_page((void *)addr);
	check_zeros(pfn_of(page), 0);
	if (init_on_alloc || init_on_free)	/* take() looks, too */
		memset((void *)addr, 0, PAGE_SIZE);
	take(page, 0, gfp, false);
}

static void bulk(gfp_t gfp, unsigned int n)
{
	struct page *pages[64] = { 0 };
	unsigned long got, i;

	if (page_poisoning)		/* whose was it, of so many? */
		return;
	n = 1 + n % 64;
	gfp &= ~__GFP_COMP;
	got = alloc_pages_bulk(gfp, n, pages);
	host_check(got <= n, "%lu of %u pages are given", got, n);
	for (i = 0; i < n; i++) {
		host_check(!pages[i] == (i >= got), "it says %lu pages, and "
			   "page %lu is %sthere", got, i,
			   pages[i] ? "" : "not ");
		if (pages[i])
			take(pages[i], 0, gfp, false);
	}
	if (!got)
		check_refusal(gfp, 0);
}

/* Up to 96 pages and some bytes; what is too much is given back at once. */
static void exact(gfp_t gfp, unsigned long at)
{
	size_t size = (at % 96 << PAGE_SHIFT) + (at >> 8) % PAGE_SIZE;
	unsigned long i;
	char *p;

	if (!w.content || page_poisoning)
		return;
	gfp &= ~(__GFP_COMP | __GFP_HIGHMEM);
	p = alloc_pages_exact(size, gfp);
	if (!p && size)
		check_refusal(gfp, __builtin_ffs(roundup_pow2(PFN_UP(size))) -
			      1);
	host_check(!p || size, "nothing is asked for, and %p given", p);
	for (i = 0; p && i < PFN_UP(size); i++)
		take(virt_to_page(p + i * PAGE_SIZE), 0, gfp, false);
}

/* Somebody uses a page after he has freed it. */
static void scribble(unsigned long at)
{
	unsigned long i = at % w.n;

	if (!page_poisoning || w.scribbled || state[i] != FREE)
		return;
	w.scribbled = w.base + i;
	((u8 *)__va(PFN_PHYS(w.scribbled)))[at % PAGE_SIZE] ^= 0x10;
}

static void bad_request(gfp_t gfp, unsigned long at)
{
	static const gfp_t bad[] = { __GFP_DMA | __GFP_HIGHMEM,
		__GFP_DMA | __GFP_DMA32, __GFP_DMA32 | __GFP_HIGHMEM,
		__GFP_MOVABLE | __GFP_RECLAIMABLE };

	if (at & 1) {
		at = NR_PAGE_ORDERS + (at >> 1) % 60;
		host_check(!alloc_pages(gfp, at), "order %lu is given", at);
		return;
	}
	gfp = GFP_KERNEL | bad[(at >> 1) % ARRAY_SIZE(bad)];
	host_check(!alloc_pages(gfp, 0) && host_logged("WARNING"), "gfp %#x, "
		   "which contradicts itself, is taken", gfp);
}

static void split(unsigned int at)
{
	struct live l = live[at];
	unsigned long i;

	if (l.compound || l.frozen)
		return;
	split_page(pfn_to_page(l.pfn), l.order);
	live[at].order = 0;
	for (i = 1; i < 1UL << l.order; i++)
		live[nr_live++] = (struct live){ .pfn = l.pfn + i };
}

/* Memory that was reserved so far is given after all. */
static void late(unsigned long at)
{
	unsigned long i = at % w.n, n = 0;

	while (i < w.n && state[i] != RESERVED)
		i++;
	while (i + n < w.n && state[i + n] == RESERVED && n < 1 + at % 40) {
		w.free[zone_of[i + n] - 1]++;
		w.managed[zone_of[i + n] - 1]++;
		state[i + n++] = FREE;
	}
	if (n)			/* of the pages at its ends it has a part */
		memblock_free_late(PFN_PHYS(w.base + i) - at % PAGE_SIZE,
				   PFN_PHYS(n) + at % PAGE_SIZE +
				   (at / w.n) % PAGE_SIZE);
}

static void check_report(const char *what, unsigned long pfn)
{
	host_check(host_logged("Bad page state"), "%s, of pfn %#lx, goes "
		   "unnoticed", what, pfn);
	host_log_clear();
}

/* The first page of that state from there on, around the end; w.n: none. */
static unsigned long find_state(unsigned long at, enum state wanted)
{
	unsigned long k;

	for (k = 0; k < w.n; k++)
		if (zone_of[(at + k) % w.n] &&
		    state[(at + k) % w.n] == wanted)
			return (at + k) % w.n;
	return w.n;
}

/* What is free already must stay so, and the log must say who erred. */
static void again(unsigned long at)
{
	unsigned long i = find_state(at % w.n, FREE);

	if (i == w.n)
		return;
	__free_pages(pfn_to_page(w.base + i), at % 3);
	check_report("a second free", w.base + i);
	free_frozen_pages(pfn_to_page(w.base + i), at % 3);
	check_report("a second free", w.base + i);
}

static void free_wrong_order(const struct live *l, unsigned int order)
{
	if (order == l->order)
		order = l->order ? l->order - 1 : 1;
	if (l->frozen)
		free_frozen_pages(pfn_to_page(l->pfn), order);
	else
		__free_pages(pfn_to_page(l->pfn), order);
	check_report("a free with the wrong order", l->pfn);
	check_live(l);
}

static void free_middle(const struct live *l, unsigned long at)
{
	unsigned long pfn = l->pfn + 1 + at % ((1UL << l->order) - 1);

	__free_pages(pfn_to_page(pfn), 0);
	check_report("a free of a page in the middle of a block", pfn);
	free_frozen_pages(pfn_to_page(pfn), 0);
	check_report("a free of a page in the middle of a block", pfn);
	check_live(l);
}

static void bad_free(unsigned long at)
{
	const struct live *l = &live[at % max(nr_live, 1u)];
	unsigned long i;

	if (nr_live && at & 1 << 20) {
		free_wrong_order(l, at >> 21 & 7);
	} else if (nr_live && l->order && at & 1 << 21) {
		free_middle(l, at >> 8);
	} else {
		i = find_state(at % w.n, at & 1 << 22 ? RESERVED : HOLE);
		if (i == w.n)
			return;
		__free_pages(pfn_to_page(w.base + i), 0);
		check_report("a free of a reserved page", w.base + i);
		check_page(i);
	}
}

/* Late, and of a page that was never reserved, or is no memory at all. */
static void bad_late(unsigned long at)
{
	unsigned long i = at % w.n;

	if (state[i] == RESERVED ||
	    (state[i] == HOLE && memblock_is_memory(PFN_PHYS(w.base + i))))
		return;			/* or it has the first bytes of it */
	memblock_free_late(PFN_PHYS(w.base + i), PAGE_SIZE);
	host_check(host_logged("WARNING"), "memblock_free_late() takes pfn "
		   "%#lx, and says nothing", w.base + i);
}

static void drain(void)
{
	struct zone *z;

	drain_all_pages(NULL);
	for_each_populated_zone(z)
		host_check(!z->per_cpu_pageset->count, "zone %d: %d pages "
			   "stay with the CPU", (int)zone_idx(z),
			   z->per_cpu_pageset->count);
}

static void run(const struct step *s, int first)
{
	unsigned int at = s->arg[2] % max(nr_live, 1u), k;
	gfp_t gfp = s->arg[1];

	host_log_clear();
	if (first) {
		set_scene(s);
		return;
	}
	switch (s->kind) {
	case ALLOC: case ALLOC_FROZEN:
		alloc_one(gfp, s->arg[0], s->kind == ALLOC_FROZEN);
		break;
	case ZEROED:
		zeroed(gfp);
		break;
	case BULK:
		bulk(gfp, s->arg[2]);
		break;
	case FREE_ONE:
		if (nr_live)
			give(at);
		break;
	case FREE_SOME:
		for (k = 0; k < 64 && nr_live; k++)
			give((at + k) % nr_live);
		break;
	case SPLIT:
		if (nr_live)
			split(at);
		break;
	case EXHAUST:
		exhaust(gfp, s->arg[0]);
		break;
	case DRAIN:
		drain();
		break;
	case ALL_BACK:
		while (nr_live)
			give((at + nr_live / 3) % nr_live);
		drain();
		check_all();
		break;
	case MARKS:
		host_dice_from(s->arg[2]);
		make_marks(s->arg[2] % 3);
		break;
	case LATE:
		late(s->arg[2]);
		break;
	case BAD_REQUEST:
		bad_request(gfp, s->arg[2]);
		break;
	case BAD_FREE:
		bad_free(s->arg[2]);
		break;
	case BAD_LATE:
		bad_late(s->arg[2]);
		break;
	case EXACT:
		exact(gfp, s->arg[2]);
		break;
	case SCRIBBLE:
		scribble(s->arg[2]);
		break;
	case FAIL:		/* for a while, or no more */
		fail_page_alloc.attr.probability = s->arg[2] % 3 * 50;
		fail_page_alloc.attr.times = s->arg[2] / 3 % 50;
		fail_page_alloc.attr.verbose = 0;
		fail_page_alloc.min_order = 0;
		fail_page_alloc.ignore_gfp_reclaim = false;
		fail_page_alloc.ignore_gfp_highmem = false;
		page_alloc_short_way(w.short_way);
		break;
	case AGAIN:
		again(s->arg[2]);
		break;
	}
	check_counts();
	if (!(++w.steps % w.every))
		check_all();
}

static void show(const struct step *s, int first)
{
	if (first) {
		host_say("/* %s, made of %#llx; lists of the CPU %llu, marks "
			 "%llu, the boot is %sover, %s */\n", shapes[s->arg[1]],
			 s->arg[0], s->arg[2], s->arg[3],
			 s->arg[4] ? "" : "not ",
			 treatments[s->arg[5]]);
		return;
	}
	host_say("%s(", kinds[s->kind].name);
	if (s->kind <= ALLOC_FROZEN || s->kind == EXHAUST)
		host_say("%#x, %llu", (gfp_t)s->arg[1], s->arg[0]);
	else
		host_say("%#x /* %llu */", (gfp_t)s->arg[1], s->arg[2]);
	host_say(");\n");
}

const struct subject subject = { "buddy", 4000, make, run, show };
