/*
 * The buddy allocator against a model: one byte a page that says whether it
 * is nobody's, reserved, free or taken, and another that names its zone. The
 * zones, struct pages and lists are laid out here by hand, so that their ends
 * may lie where no machine has them. What the model says of a request is said
 * before it is made: which zone must serve it, by its watermarks, and with
 * which block. From time to time every list is walked, and every page asked.
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

#define PAGES		131072		/* of a world, holes included */
#define RANGES		12
#define ZONES		MAX_NR_ZONES

enum state { HOLE, RESERVED, FREE, TAKEN };
static u8 state[PAGES];
static u8 zone_of[PAGES];		/* 1 + its zone; 0: no struct page */
static u8 head[PAGES];			/* 1 + order, of a block on a list */
static u8 listed[PAGES];		/* on a list of the buddy or the CPU */

static struct world {
	unsigned long base, n;		/* pfns [base, base + n) */
	unsigned long edge[ZONES + 1];	/* where zones begin, from base */
	unsigned int nr_ranges;
	struct { unsigned long from, to; } range[RANGES];	/* of memory */
	unsigned long free[ZONES], managed[ZONES];	/* free: pcp too */
	unsigned long scribbled;	/* pfn; 0: none */
	unsigned int steps, every;
	bool atomic_seen, content, short_way;
} w;

static struct live {
	unsigned long pfn;
	u8 order, compound, frozen;
} live[PAGES];
static unsigned int nr_live;

static struct zone *zone_at(unsigned int i)
{
	return &NODE_DATA(0)->node_zones[i];
}

/* The model's zone of a pfn, or NULL when that is nobody's. */
static struct zone *model_zone(unsigned long pfn)
{
	if (pfn - w.base >= w.n || !zone_of[pfn - w.base])
		return NULL;
	return zone_at(zone_of[pfn - w.base] - 1);
}

static unsigned long roundup_pow2(unsigned long n)
{
	unsigned long p = 1;

	while (p < n)
		p <<= 1;
	return p;
}

static unsigned long pfn_of(const struct page *page)
{
	unsigned long pfn;

	pfn = page_to_pfn(page);
	host_check(pfn - w.base < w.n && pfn_to_page(pfn) == page,
		   "%p is no page of this world", (void *)page);
	return pfn;
}

/* --- the lists, as they are ------------------------------------------- */

static struct list_head *list_of(struct zone *z, unsigned int order, int mt)
{
	return &z->free_area[order].free_list[mt];
}

static struct list_head *pcp_list(struct zone *z, unsigned int order, int mt)
{
	return &z->per_cpu_pageset->lists[order * MIGRATE_PCPTYPES + mt];
}

static long first_of(const struct list_head *list)
{
	if (list_empty(list))
		return -1;
	return pfn_of(list_entry(list->next, struct page, lru));
}

/* The type of the pageblock of a page. */
static int type_of(unsigned long pfn)
{
	return get_pageblock_migratetype(pfn_to_page(pfn));
}

/* --- all lists, all pages --------------------------------------------- */

static void see_block(struct zone *z, unsigned long pfn, unsigned int order,
		      const char *where)
{
	unsigned long i;

	host_check(!(pfn & ((1UL << order) - 1)), "pfn %#lx, of order %u, is "
		   "not aligned, %s", pfn, order, where);
	host_check(pfn - w.base + (1UL << order) <= w.n, "pfn %#lx, of order "
		   "%u, ends outside of this world", pfn, order);
	for (i = pfn - w.base; i < pfn - w.base + (1UL << order); i++) {
		host_check(state[i] == FREE, "pfn %#lx is %s, and %s",
			   i + w.base, state[i] == TAKEN ? "taken" :
			   state[i] == RESERVED ? "reserved" : "no memory",
			   where);
		host_check(zone_of[i] == zone_idx(z) + 1, "pfn %#lx is in "
			   "zone %d, and %s of zone %d", i + w.base,
			   zone_of[i] - 1, where, (int)zone_idx(z));
		host_check(!listed[i], "pfn %#lx is listed twice", i + w.base);
		listed[i] = 1;
	}
}

static unsigned long check_list(struct zone *z, unsigned int order, int mt,
				struct list_head *list, bool buddy)
{
	const char *where = buddy ? "on a free list" : "on a list of the CPU";
	const struct list_head *at, *before = list;
	unsigned long n = 0, pfn, i;

	for (at = list->next; at != list; before = at, at = at->next, n++) {
		struct page *page = list_entry(at, struct page, lru);

		pfn = pfn_of(page);
		host_check(at->prev == before, "the links around pfn %#lx, "
			   "%s, are wrong", pfn, where);
		see_block(z, pfn, order, where);
		if (!buddy)
			continue;
		host_check(PageBuddy(page) && page->private == order,
			   "pfn %#lx is listed with order %u, and says %ld",
			   pfn, order, PageBuddy(page) ?
			   (long)page->private : -1);
		head[pfn - w.base] = order + 1;
		for (i = 0; i < 1UL << order; i += pageblock_nr_pages)
			host_check(type_of(pfn + i) == mt, "pfn %#lx is on a "
				   "list of type %d, its pageblock is of %d",
				   pfn + i, mt, type_of(pfn + i));
	}
	return n;
}

static void check_pcp(struct zone *z)
{
	const struct per_cpu_pages *pcp = z->per_cpu_pageset;
	unsigned long n = 0;
	unsigned int order;
	int mt;

	for (order = 0; order <= PAGE_ALLOC_COSTLY_ORDER; order++)
		for (mt = 0; mt < MIGRATE_PCPTYPES; mt++)
			n += check_list(z, order, mt, pcp_list(z, order, mt),
					false) << order;
	host_check(pcp->count == (int)n, "zone %d: the CPU has %lu pages on "
		   "its lists, and counts %d", (int)zone_idx(z), n,
		   pcp->count);
}

static unsigned long atomic_pages(struct zone *z)
{
	unsigned long pfn = ALIGN(z->zone_start_pfn, pageblock_nr_pages);
	unsigned long n = 0;

	for (; pfn + pageblock_nr_pages <= zone_end_pfn(z);
	     pfn += pageblock_nr_pages)
		if (zone_of[pfn - w.base] &&
		    type_of(pfn) == MIGRATE_HIGHATOMIC)
			n += pageblock_nr_pages;
	return n;
}

static void check_zone(struct zone *z)
{
	unsigned long blocks, free = 0, whole = 0, atomic = 0, n;
	unsigned int order;
	int mt;

	for (order = 0; order < NR_PAGE_ORDERS; order++) {
		blocks = 0;
		for (mt = 0; mt < MIGRATE_TYPES; mt++) {
			n = check_list(z, order, mt, list_of(z, order, mt),
				       true);
			blocks += n;
			if (mt == MIGRATE_HIGHATOMIC)
				atomic += n << order;
		}
		host_check(z->free_area[order].nr_free == blocks, "zone %d, "
			   "order %u: %lu blocks, and nr_free is %lu",
			   (int)zone_idx(z), order, blocks,
			   z->free_area[order].nr_free);
		free += blocks << order;
		if (order >= pageblock_order)
			whole += blocks << order;
	}
	host_check(z->vm_stat[NR_FREE_PAGES] == free, "zone %d: %lu pages "
		   "are on the lists, NR_FREE_PAGES is %lu", (int)zone_idx(z),
		   free, z->vm_stat[NR_FREE_PAGES]);
	host_check(z->vm_stat[NR_FREE_PAGES_BLOCKS] == whole, "zone %d: %lu "
		   "pages are free in whole pageblocks, not %lu",
		   (int)zone_idx(z), whole, z->vm_stat[NR_FREE_PAGES_BLOCKS]);
	host_check(z->nr_reserved_highatomic == atomic_pages(z), "zone %d: "
		   "pageblocks of %lu pages are HIGHATOMIC, and it counts %lu",
		   (int)zone_idx(z), atomic_pages(z),
		   z->nr_reserved_highatomic);
	host_check(z->nr_free_highatomic == atomic, "zone %d: %lu free pages "
		   "are HIGHATOMIC, and it counts %lu", (int)zone_idx(z),
		   atomic, z->nr_free_highatomic);
}

/* What cannot be, when merging went as far as it may. */
static void check_merged(unsigned long i)
{
	unsigned int order = head[i] - 1;
	unsigned long k = ((i + w.base) ^ (1UL << order)) - w.base;

	if (order >= MAX_PAGE_ORDER || k >= w.n || head[k] != head[i] ||
	    zone_of[k] != zone_of[i])
		return;
	if (order >= pageblock_order && w.atomic_seen)
		return;		/* were of types that do not mix */
	host_fail("pfns %#lx and %#lx, both free and of order %u, are not "
		  "merged", i + w.base, k + w.base, order);
}

static void check_page(unsigned long i)
{
	const struct page *page = pfn_to_page(w.base + i);
	unsigned long pfn = w.base + i;

	host_check(zone_of[i] == page_zonenum(page) + 1, "pfn %#lx says it "
		   "is in zone %d", pfn, page_zonenum(page));
	host_check(PageBuddy(page) == !!head[i], "pfn %#lx %s a free block",
		   pfn, head[i] ? "does not say that it begins" :
		   "says that it begins");
	host_check(PageReserved(page) == (state[i] < FREE), "pfn %#lx is %s"
		   "PG_reserved", pfn, state[i] < FREE ? "not " : "");
	if (state[i] == FREE)
		host_check(listed[i], "pfn %#lx is lost: free, and on no "
			   "list", pfn);
	if (state[i] == FREE)
		host_check(!page->_refcount.counter && !PageHead(page) &&
			   (head[i] || !PageTail(page)),
			   "pfn %#lx is free, and has refcount %d, flags %#lx",
			   pfn, page->_refcount.counter, page->flags.f);
	if (state[i] < FREE)
		host_check(page->_refcount.counter == 1, "pfn %#lx, which is "
			   "nobody's, has refcount %d", pfn,
			   page->_refcount.counter);
}

static void check_live(const struct live *l)
{
	struct page *page = pfn_to_page(l->pfn);
	unsigned long i;

	host_check(page->_refcount.counter == !l->frozen, "pfn %#lx is taken,"
		   " and has refcount %d", l->pfn, page->_refcount.counter);
	host_check(PageHead(page) == (l->compound && l->order), "pfn %#lx "
		   "has %sPG_head", l->pfn, PageHead(page) ? "" : "no ");
	for (i = 1; i < 1UL << l->order; i++) {
		host_check(PageTail(page + i) == l->compound &&
			   (!l->compound || compound_head(page + i) == page),
			   "pfn %#lx: the head is wrong", l->pfn + i);
		host_check(!page[i]._refcount.counter, "pfn %#lx, in the "
			   "middle of a block, has refcount %d", l->pfn + i,
			   page[i]._refcount.counter);
	}
}

/* What costs nothing to know after each step. */
static void check_counts(void)
{
	unsigned long total = 0;
	unsigned int i;

	for (i = 0; i < ZONES; i++) {
		struct zone *z = zone_at(i);
		long pcp = populated_zone(z) ? z->per_cpu_pageset->count : 0;

		host_check(z->vm_stat[NR_FREE_PAGES] + pcp == w.free[i],
			   "zone %u: %lu pages are free, it counts %lu, and "
			   "%ld of the CPU", i, w.free[i],
			   z->vm_stat[NR_FREE_PAGES], pcp);
		host_check(z->managed_pages == w.managed[i], "zone %u manages"
			   " %lu pages, not %lu", i, w.managed[i],
			   z->managed_pages);
		host_check(pcp <= (populated_zone(z) ?
				   z->per_cpu_pageset->high_max : 0) ||
			   z->per_cpu_pageset->batch > 1,
			   "zone %u: the boot's lists of the CPU keep %ld "
			   "pages", i, pcp);
		w.atomic_seen |= z->nr_reserved_highatomic;
		total += w.managed[i];
	}
	host_check(_totalram_pages == total, "of %lu pages in all, %lu are "
		   "counted", total, _totalram_pages);
}

static void check_all(void)
{
	unsigned long i, r;

	memset(head, 0, w.n);
	memset(listed, 0, w.n);
	for (i = 0; i < ZONES; i++) {
		if (!populated_zone(zone_at(i)))
			continue;
		check_zone(zone_at(i));
		check_pcp(zone_at(i));
	}
	for (r = 0; r < w.nr_ranges; r++)
		for (i = w.range[r].from; i < w.range[r].to; i++) {
			check_page(i);
			if (head[i])
				check_merged(i);
		}
	for (i = 0; i < nr_live; i++)
		check_live(&live[i]);
}

/* --- what must come of a request -------------------------------------- */

/* Of GFP's bits 0 to 3: the highest zone that will do. */
static int highest_zone(gfp_t gfp)
{
	if (gfp & __GFP_DMA)
		return ZONE_DMA;
#ifdef CONFIG_X86_64
	if (gfp & __GFP_DMA32)
		return ZONE_DMA32;
#endif
	if ((gfp & __GFP_HIGHMEM) && (gfp & __GFP_MOVABLE))
		return ZONE_MOVABLE;
#ifdef CONFIG_X86_32
	if (gfp & __GFP_HIGHMEM)
		return ZONE_HIGHMEM;
#endif
	return ZONE_NORMAL;
}

static int wanted_type(gfp_t gfp)
{
	if (page_group_by_mobility_disabled)
		return MIGRATE_UNMOVABLE;
	return gfp & __GFP_MOVABLE ? MIGRATE_MOVABLE :
	       gfp & __GFP_RECLAIMABLE ? MIGRATE_RECLAIMABLE :
	       MIGRATE_UNMOVABLE;
}

struct wish {
	unsigned int order;
	int type, highest;
	int mark;
	bool whole;		/* of other types only whole pageblocks */
	bool high, non_block, atomic;	/* how far into the reserves */
	bool no_marks;
};

static bool any_block(struct zone *z, unsigned int order, bool atomic)
{
	int mt;

	for (; order < NR_PAGE_ORDERS; order++)
		for (mt = 0; mt < MIGRATE_PCPTYPES + atomic; mt++)
			if (!list_empty(list_of(z, order, mt)))
				return true;
	return false;
}

/*
 * Would the zone stay above the mark? The urgent may go below it, but then
 * only when the zone has a block.
 */
static bool passes(struct zone *z, const struct wish *q)
{
	long min = z->_watermark[q->mark] + z->lowmem_reserve[q->highest];
	long free = (long)w.free[zone_idx(z)] - z->per_cpu_pageset->count;
	long more = z->_watermark[q->mark] / 2;

	free -= (1L << q->order) - 1;
	if (!q->high && !q->non_block)
		free -= z->nr_free_highatomic;
	if (q->no_marks || free > min)
		return true;
	if (q->high && q->non_block)
		more += (z->_watermark[q->mark] - more) / 4;
	return q->high && free > min - more &&
	       (!q->order || any_block(z, q->order, q->atomic));
}

/* The first block of the type's smallest order that will do; -1: none. */
static long smallest(struct zone *z, unsigned int order, int mt)
{
	for (; order < NR_PAGE_ORDERS; order++)
		if (!list_empty(list_of(z, order, mt)))
			return first_of(list_of(z, order, mt));
	return -1;
}

static const int others[MIGRATE_PCPTYPES][2] = {
	[MIGRATE_UNMOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE },
	[MIGRATE_MOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE },
	[MIGRATE_RECLAIMABLE] = { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE },
};

/* The type of which a block of this order can be had; -1: none. */
static int other_type(struct zone *z, unsigned int order, int mt)
{
	int i;

	for (i = 0; i < 2; i++)
		if (!list_empty(list_of(z, order, others[mt][i])))
			return others[mt][i];
	return -1;
}

/*
 * Can the pageblock of this block be made ours? It must lie in its zone, and
 * be half free, or else hold what may be of our type. Then it serves with
 * the smallest of its blocks that will do.
 */
static long claimed(struct zone *z, unsigned long pfn, unsigned int order,
		    int from, int mt)
{
	unsigned long start = ALIGN_DOWN(pfn, pageblock_nr_pages), free = 0;
	unsigned long i, alike = 0;
	unsigned int o, best_order = NR_PAGE_ORDERS;
	long best = -1;

	if (start < z->zone_start_pfn ||
	    start + pageblock_nr_pages > z->zone_start_pfn + z->spanned_pages)
		return -1;
	for (i = start; i < start + pageblock_nr_pages;) {
		const struct page *page = pfn_to_page(i);

		if (!PageBuddy(page)) {
			i++;
			continue;
		}
		o = page->private;
		if (o >= order && o < best_order)
			best = i, best_order = o;
		free += 1UL << o;
		i += 1UL << o;
	}
	if (mt != MIGRATE_MOVABLE && from == MIGRATE_MOVABLE)
		alike = pageblock_nr_pages - free;
	if (free + alike < pageblock_nr_pages / 2 &&
	    !page_group_by_mobility_disabled)
		return -1;
	return best;
}

static long from_lists(struct zone *z, const struct wish *q)
{
	long pfn = smallest(z, q->order, q->type);
	int order, mt, least = q->order;

	if (pfn >= 0)
		return pfn;
	if (q->whole && least < pageblock_order)
		least = pageblock_order;
	for (order = MAX_PAGE_ORDER; order >= least; order--) {
		if (order < pageblock_order / 2 && q->type == MIGRATE_MOVABLE)
			break;
		mt = other_type(z, order, q->type);
		if (mt < 0)
			continue;
		pfn = first_of(list_of(z, order, mt));
		if (order < pageblock_order)
			pfn = claimed(z, pfn, q->order, mt, q->type);
		if (pfn >= 0)
			return pfn;
	}
	for (order = q->order; order < NR_PAGE_ORDERS && !q->whole; order++) {
		mt = other_type(z, order, q->type);
		if (mt >= 0)
			return first_of(list_of(z, order, mt));
	}
	return -1;
}

/* The page that this zone gives; -1: it has none. */
static long from_zone(struct zone *z, const struct wish *q)
{
	long pfn;

	if (q->order <= PAGE_ALLOC_COSTLY_ORDER) {
		if (!list_empty(pcp_list(z, q->order, q->type)))
			return first_of(pcp_list(z, q->order, q->type));
		pfn = from_lists(z, q);
		if (pfn >= 0)
			return pfn;
	}
	pfn = q->atomic ? smallest(z, q->order, MIGRATE_HIGHATOMIC) : -1;
	if (pfn < 0)
		pfn = from_lists(z, q);
	if (pfn < 0 && q->non_block && !q->order)
		pfn = smallest(z, q->order, MIGRATE_HIGHATOMIC);
	return pfn;
}

static long from_zones(const struct wish *q)
{
	long pfn;
	int i;

	for (i = ZONES - 1; i >= 0; i--) {
		struct zone *z = zone_at(i);

		if (i > q->highest || !populated_zone(z) || !passes(z, q))
			continue;
		pfn = from_zone(z, q);
		if (pfn >= 0)
			return pfn;
	}
	return -1;
}

#ifdef CONFIG_X86_64
/* The zone at which a request looks first. */
static int first_zone(int highest)
{
	while (highest >= 0 && !populated_zone(zone_at(highest)))
		highest--;
	return highest;
}
#endif

static struct wish wish_of(gfp_t gfp, unsigned int order)
{
	struct wish q = { .order = order, .highest = highest_zone(gfp),
			  .type = wanted_type(gfp), .mark = WMARK_LOW };

#ifdef CONFIG_X86_64
	q.whole = first_zone(q.highest) == ZONE_NORMAL;
#endif
	return q;
}

/* The second, harder try. */
static struct wish harder(struct wish q, gfp_t gfp)
{
	q.mark = WMARK_MIN;
	q.whole = false;
	q.high = gfp & __GFP_HIGH;
	q.non_block = !(gfp & (__GFP_DIRECT_RECLAIM | __GFP_NOMEMALLOC));
	q.atomic = q.order && q.high && q.non_block;
	return q;
}

static long foretell(gfp_t gfp, unsigned int order)
{
	struct wish q;
	long pfn;

	if (order > MAX_PAGE_ORDER)
		return -1;
	gfp &= gfp_allowed_mask;
	q = wish_of(gfp, order);
	pfn = from_zones(&q);
	if (pfn < 0 && q.whole) {
		q.whole = false;
		pfn = from_zones(&q);
	}
	if (pfn >= 0)
		return pfn;
	q = harder(q, gfp);
	pfn = from_zones(&q);
	if (pfn >= 0 || (gfp & __GFP_NOMEMALLOC) || !(gfp & __GFP_MEMALLOC))
		return pfn;
	q.no_marks = true;
	q.high = q.non_block = q.atomic = false;
	return from_zones(&q);
}

/*
 * Who can wait has the CPU's pages given back, and HIGHATOMIC blocks taken
 * from those who have them. That helps only where the zone has enough.
 */
static bool may_be_had(gfp_t gfp, unsigned int order, struct zone *z)
{
	long min = z->_watermark[WMARK_MIN];

	gfp &= gfp_allowed_mask;
	if (gfp & __GFP_HIGH)
		min -= min / 2;
	if (gfp & __GFP_MEMALLOC && !(gfp & __GFP_NOMEMALLOC))
		min = -z->lowmem_reserve[highest_zone(gfp)];
	return gfp & __GFP_DIRECT_RECLAIM &&
	       (long)w.free[zone_idx(z)] - (1L << order) >=
	       min + z->lowmem_reserve[highest_zone(gfp)];
}

/* --- a world, out of one number --------------------------------------- */

static u64 dice_state;

/* 0 to n - 1: the same for the same world (xorshift64*, S. Vigna). */
static unsigned long dice(unsigned long n)
{
	dice_state ^= dice_state >> 12;
	dice_state ^= dice_state << 25;
	dice_state ^= dice_state >> 27;
	return n ? (dice_state * 0x2545f4914f6cdd1dULL >> 33) % n : 0;
}

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
	unsigned long at = dice(hole), length;

	while (nr--) {
		length = 1 + dice(2 * w.n / (nr + 2));
		add_range(at, at + length);
		at += length + 1 + dice(hole);
	}
	if (!w.nr_ranges)
		add_range(0, w.n);
}

static void make_memory(enum shape shape)
{
	switch (shape) {
	case FEW:		/* 11 of 16 pages, 6 of 8 … */
		w.n = 8 + dice(56);
		add_range(dice(3), w.n - dice(w.n / 2));
		break;
	case CRUMBS:
		w.n = 64 + dice(700);
		make_ranges(1 + dice(RANGES), 9);
		break;
	case GAPS:
		w.n = PAGES / 4 + dice(PAGES / 4);
		make_ranges(2 + dice(3), w.n / 2);
		break;
	case HUGE:		/* HIGHATOMIC blocks are for those alone */
		w.n = PAGES - dice(9999);
		make_ranges(1 + dice(2), 500);
		break;
	case LARGE:
		w.n = 8192 + dice(16384);
		make_ranges(1 + dice(4), 600);
		break;
	default:
		w.n = 1024 + dice(6000);
		make_ranges(1 + dice(5), 300);
	}
}

/* Where the first pfn is: the zones' usual limits play no part here. */
static void make_base(enum shape shape)
{
	/* memblock cannot have the last page of 4 GiB. */
	unsigned long last = sizeof(long) == 8 ? 1UL << 34 : (1UL << 20) - 1;

	if (shape != FAR)
		w.base = 1 + dice(40) * 512 + (dice(2) ? dice(512) : 511);
	else if (dice(2))		/* to the last page of all */
		w.base = last - w.n;
	else				/* above 20 GiB, or in HighMem */
		w.base = sizeof(long) == 8 ? (5UL << 20) + dice(1 << 20) :
			 last - w.n - dice(200000);
}

static void make_edges(enum shape shape)
{
	static const u8 grain[] = { 1, 1, 2, 3, 10, 10, 10, 10 };
	unsigned long i, k, at, g = 1UL << grain[dice(8)];
	bool several = shape == HUGE ? !dice(6) : dice(4);

	for (i = 1; i < ZONES; i++) {
		at = several ? dice(w.n) : dice(2) * w.n;
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
		pcp->high = pcp->high_min = 4 * pcp->batch + dice(200);
		pcp->high_max = pcp->high_min + dice(2) * dice(1000);
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
		unsigned long min = size ? dice(z->managed_pages / 8 + 1) : 0;
		unsigned long step = size ? dice(min / 2 + 1) : 0;

		if (size == 2 && !dice(3))	/* only who tries harder gets */
			step = z->managed_pages;

		z->_watermark[WMARK_MIN] = min;
		z->_watermark[WMARK_LOW] = min + step;
		z->_watermark[WMARK_HIGH] = min + 2 * step;
		z->_watermark[WMARK_PROMO] = min + 3 * step;
		for (j = k + 1; j < ZONES; j++)
			z->lowmem_reserve[j] = size < 2 ? 0 :
				dice(z->managed_pages / 8 + 1);
	}
}

/* What nobody may have: some pages, with ends as odd as memory's. */
static void make_reserved(void)
{
	unsigned long i, from, length;
	unsigned int nr = dice(6);

	for (i = 0; i < w.n; i++)
		if (state[i] == RESERVED)
			state[i] = FREE;
	while (nr--) {
		from = dice(w.n);
		length = 1 + dice(dice(4) ? w.n / 64 + 2 : w.n / 8 + 2);
		for (i = from; i < from + length && i < w.n; i++)
			if (state[i] == FREE)
				state[i] = RESERVED;
	}
}

/* Not all ends are those of pages: up to half of one more, or less. */
static phys_addr_t part(void)
{
	return dice(2) ? 0 : dice(PAGE_SIZE / 2);
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
	dice_state = s->arg[0] * 2 + 1;
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
	    EXHAUST, DRAIN, ALL_BACK, MARKS, LATE, BAD_ORDER, BAD_FREE,
	    BAD_LATE, AGAIN, FAIL, EXACT, SCRIBBLE, KINDS };

static const struct { int weight; const char *name; } kinds[KINDS] = {
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
	[BAD_ORDER] = { 10, "alloc_pages, of a bad order" },
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
	int at, i, sum = 0;

	if (host_chance(80))
		return host_chance(w.steps / 512 % 2 ? 40 : 62) ? ALLOC :
		       FREE_ONE;
	for (i = 0; i < KINDS; i++)
		sum += kinds[i].weight;
	at = host_random(sum);
	for (i = 0; at >= kinds[i].weight; i++)
		at -= kinds[i].weight;
	return i;
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

/* A block has been given out: that of the model's, or another as good? */
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
		dice_state = s->arg[2] * 2 + 1;
		make_marks(s->arg[2] % 3);
		break;
	case LATE:
		late(s->arg[2]);
		break;
	case BAD_ORDER:
		host_check(!alloc_pages(gfp, NR_PAGE_ORDERS + at % 60),
			   "order %u is given", NR_PAGE_ORDERS + at % 60);
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
