/*
 * A model of the buddy allocator: one byte a page that says whether it is
 * nobody's, reserved, free or taken, and another that names its zone. Of a
 * request it says before it is made which zone must serve it, by its marks,
 * and with which block. From time to time every list is walked, and every
 * page asked. For one source file, which includes the kernel's headers.
 */
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
	struct { unsigned long from, to; } range[RANGES];
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
