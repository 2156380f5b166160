/*
 * What has gone wrong in other people's buddy allocators, a case each, in
 * the worlds of buddy.c and with its checks after each step.
 */
#include "buddy.c"

/* A world of @n pages, all of one zone. Memory is added by add_range(). */
static void world(unsigned long base, unsigned long n, unsigned int zone)
{
	unsigned int i;

	host_reset();
	memset(&w, 0, sizeof(w));
	nr_live = 0;
#ifdef CONFIG_NUMA
	node_data[0] = &node_0;
#endif
	host_dice_from(1);
	w.base = base;
	w.n = n;
	for (i = zone + 1; i <= ZONES; i++)
		w.edge[i] = n;
}

static void hand(void)
{
	unsigned long i;

	make_pages();
	make_zones();
	make_blocks();
	for (i = 0; i < w.n; i++)
		if (state[i] == RESERVED)
			state[i] = FREE;
	hand_over();
	page_group_by_mobility_disabled = 0;
	gfp_allowed_mask = ~0u;
	check_counts();
	check_all();
}

/* Free blocks of each order from 0 on, as 0x... with four bits for each. */
static u64 blocks(unsigned int zone)
{
	u64 all = 0;
	int order;

	for (order = MAX_PAGE_ORDER; order >= 0; order--)
		all = all << 4 | zone_at(zone)->free_area[order].nr_free;
	return all;
}

static void expect(u64 want)
{
	check_counts();
	check_all();
	host_check(blocks(ZONE_NORMAL) == want, "free blocks, by order: %#llx "
		   "instead of %#llx", blocks(ZONE_NORMAL), want);
}

static struct page *get(gfp_t gfp, unsigned int order)
{
	host_check(alloc_one(gfp | __GFP_NOWARN, order, false), "order %u is "
		   "refused", order);
	return pfn_to_page(live[nr_live - 1].pfn);
}

static void odd_ends(void)
{
	world(0x1000, 16, ZONE_NORMAL);
	add_range(0, 11);
	hand();
	expect(0x1011);			/* 8 + 2 + 1 */
	world(0x1000, 16, ZONE_NORMAL);
	add_range(5, 16);
	hand();
	expect(0x1011);			/* 1 + 2 + 8 */
	world(0x1000, 8, ZONE_NORMAL);
	add_range(0, 6);
	hand();
	expect(0x110);			/* 4 + 2 */
	world(0x1000, 8, ZONE_NORMAL);
	add_range(2, 7);
	hand();
	expect(0x21);			/* 2 + 2 + 1: no 4 is aligned */
	world(0x1001, 1, ZONE_NORMAL);
	add_range(0, 1);
	hand();
	expect(0x1);
}

static void largest_order(void)
{
	world(0x1000, 4096, ZONE_NORMAL);
	add_range(0, 4096);
	hand();
	expect(0x40000000000);
	while (nr_live < 4)
		get(GFP_KERNEL, MAX_PAGE_ORDER);
	expect(0);
	while (nr_live)
		give(nr_live / 2);
	expect(0x40000000000);
}

static void split_and_merge(void)
{
	struct page *page;
	unsigned int i;

	world(0x1000, 16, ZONE_NORMAL);
	add_range(0, 16);
	hand();
	page = get(GFP_KERNEL, 0);
	expect(0x1111);
	for (i = 0; i < 4; i++)
		host_check(page[1 << i].private == i, "the half at %u has "
			   "order %lu", 1 << i, page[1 << i].private);
	give(0);
	expect(0x10000);
	for (i = 1; i < 16; i++)
		host_check(!PageBuddy(page + i) && !page[i].private, "page %u "
			   "is a head still", i);
}

static void half_a_pair(void)
{
	world(0x1000, 4, ZONE_NORMAL);
	add_range(0, 4);
	hand();
	while (nr_live < 4)
		get(GFP_KERNEL, 0);
	give(1);			/* pages 1 and 2 are no buddies */
	give(2);
	expect(0x2);
	give(1);
	expect(0x11);
	give(0);
	expect(0x100);
}

/* Pages of a zone that touches another, whose buddies are over there. */
static void zones_edge(void)
{
	world(0x1000, 16, ZONE_NORMAL);
	w.edge[ZONE_NORMAL] = 3;
	add_range(0, 16);
	hand();
	host_check(blocks(ZONE_NORMAL - 1) == 0x11 && blocks(ZONE_NORMAL) ==
		   0x1101, "%#llx below the edge, %#llx above",
		   blocks(ZONE_NORMAL - 1), blocks(ZONE_NORMAL));
	exhaust(GFP_KERNEL | __GFP_NOWARN, 0);
	while (nr_live)
		give(nr_live / 2);
	expect(0x1101);
}

static void free_again(struct page *page, unsigned int order)
{
	host_log_clear();
	__free_pages(page, order);
	check_report("a second free", page_to_pfn(page));
	check_counts();
	check_all();
}

static void second_free(void)
{
	struct page *page;
	unsigned int order;

	for (order = 0; order <= MAX_PAGE_ORDER; order++) {
		world(0x1000, 2048, ZONE_NORMAL);
		add_range(0, 2048);
		hand();
		make_pcp(order % 2 * 2);
		page = get(GFP_KERNEL, order);
		give(0);		/* to the CPU, or merged at once */
		free_again(page, order);
		free_again(page, 0);
		page = get(GFP_KERNEL, order);
		get(GFP_KERNEL, order);
		drain();
		give(0);
		drain();
		free_again(page, order);
	}
}

static void other_frees(void)
{
	struct page *page;

	world(0x1000, 64, ZONE_NORMAL);
	add_range(0, 60);
	hand();
	page = get(GFP_KERNEL, 3);
	free_again(page, 2);		/* too little */
	free_again(page, 4);		/* too much */
	free_again(page + 1, 0);	/* the middle */
	free_again(pfn_to_page(0x1000 + 61), 0);	/* a hole */
	give(0);
	page = get(GFP_KERNEL | __GFP_COMP, 3);
	free_again(page, 2);
	free_again(page + 7, 0);
	free_again(page + 4, 2);
	give(0);
	expect(0x111100);
}

/* An order that there is not, as -1 is, from whichever side it comes. */
static void no_order(void)
{
	static const unsigned int orders[] = { ~0U, 1U << 31, 11, 32, 64 };
	struct page *page;
	unsigned int i;

	world(0x1000, 2048, ZONE_NORMAL);
	add_range(0, 2000);
	hand();
	make_pcp(2);
	page = get(GFP_KERNEL, 2);
	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		host_log_clear();
		host_check(!alloc_pages(GFP_KERNEL, orders[i]) &&
			   host_logged("above the largest"), "order %u is not "
			   "refused", orders[i]);
		free_again(page, orders[i]);
		free_again(page + 1, orders[i]);
		free_again(pfn_to_page(0x1000 + 2010), orders[i]);
		free_frozen_pages(pfn_to_page(0x1000 + 1999), orders[i]);
		check_report("no order", 0x1000 + 1999);
	}
	give(0);
	drain();
	check_counts();
	check_all();
}

static void refused(struct page *page, unsigned int order)
{
	host_log_clear();
	__free_pages(page, order);
	check_report("a bad free", page_to_pfn(page));
	check_counts();
}

/* What is wrong when a block comes back: it is told, and nothing changes. */
static void stays_what_it_was(void)
{
	struct page *page;
	unsigned long word;

	world(0x1000, 64, ZONE_NORMAL);
	add_range(0, 64);
	hand();
	page = get(GFP_KERNEL | __GFP_COMP, 3);
	word = page[5].compound_head;
	page[5].compound_head = 0x10000001;
	refused(page, 3);
	page[5].compound_head = word;
	page[7].mapping = &word;
	refused(page, 3);
	page[7].mapping = page[6].mapping;
	page[2].flags.f |= 1UL << PG_locked;
	refused(page, 3);
	page[2].flags.f &= ~(1UL << PG_locked);
	page->_mapcount.counter = 0;	/* a process maps it */
	refused(page, 3);
	__SetPageTable(page);
	page->flags.f |= 1UL << PG_locked;
	refused(page, 3);
	host_check(PageTable(page), "the type is gone");
	page->flags.f &= ~(1UL << PG_locked);
	__ClearPageTable(page);
	check_all();
	give(0);
	expect(0x1000000);
}

/* A request for many pages that contradicts itself gets none. */
static void no_type(void)
{
	struct page *pages[4] = { 0 };

	world(0x1000, 2048, ZONE_NORMAL);
	add_range(0, 2048);
	hand();
	make_pcp(2);
	host_log_clear();
	host_check(!alloc_pages_bulk(GFP_KERNEL | __GFP_MOVABLE |
				     __GFP_RECLAIMABLE, 4, pages) &&
		   host_logged("contradicts itself"), "both types are served");
	check_counts();
	check_all();
}

static void counted_once(void)
{
	struct page *pages[9] = { 0 };
	unsigned int i;

	world(0x1000, 64, ZONE_NORMAL);
	add_range(0, 64);
	hand();
	pages[3] = get(GFP_KERNEL, 0);
	host_check(alloc_pages_bulk(GFP_KERNEL, 9, pages) == 9, "of 9, with "
		   "one in place, not all are given");
	for (i = 0; i < 9; i++)
		if (i != 3)
			take(pages[i], 0, GFP_KERNEL, false);
	check_counts();
	check_all();
	for (i = 0; i < 9; i++)
		pages[i] = NULL;
	host_check(!alloc_pages_bulk(GFP_KERNEL, 0, pages), "none is asked "
		   "for, and one given");
	while (nr_live)
		give(0);
	expect(0x1000000);
}

/* A page there needs more than 32 bits of address; on i386 all of them. */
static void far_up(void)
{
	unsigned long base = sizeof(long) == 8 ? (20UL << 18) + 0x2c00 :
			     0xff800, i;

	world(base, 2048, sizeof(long) == 8 ? ZONE_NORMAL : ZONE_MOVABLE - 1);
	add_range(0, 2046);
	hand();
	for (i = 0; i < 300; i++)
		host_check(page_to_phys(get(GFP_HIGHUSER, i % 3)) >=
			   (phys_addr_t)base << PAGE_SHIFT, "a page is below "
			   "all memory");
	while (nr_live)
		give(nr_live / 2);
	check_counts();
	check_all();
}

/* Between its ends the zone has a hole that has no struct pages. */
static void hole_inside(void)
{
	world(0x8000, 32768, ZONE_MOVABLE - 1);
	add_range(100, 3000);
	add_range(30000, 32000);
	hand();
	exhaust(GFP_HIGHUSER_MOVABLE, 0);
	while (nr_live > 500)
		give(nr_live / 3);
	exhaust(GFP_HIGHUSER, 4);	/* claims pageblocks */
	while (nr_live)
		give(nr_live / 3);
	drain();
	check_counts();
	check_all();
}

/* The zone below is full: it is refused, and nothing above is given. */
static void full_zone(void)
{
	unsigned int i;

	world(0x1000, 2048, ZONE_NORMAL);
	for (i = 1; i <= ZONE_NORMAL; i++)
		w.edge[i] = 1024;
	add_range(0, 2048);
	hand();
	exhaust(GFP_DMA | __GFP_NOWARN, 0);
	host_check(nr_live == 1024 && !w.free[ZONE_DMA], "of 1024 pages %u "
		   "are given", nr_live);
	host_check(!alloc_pages(GFP_DMA | __GFP_NOWARN, 0), "one more");
	host_check(w.free[ZONE_NORMAL] == 1024, "zone Normal has served DMA");
	while (nr_live)
		give(nr_live / 2);
	check_counts();
	check_all();
}

static void kept_type(void)
{
	world(0x1000, 4096, ZONE_NORMAL);
	add_range(0, 4096);
	hand();
	get(GFP_KERNEL, 0);		/* claims a block that was movable */
	host_check(type_of(live[0].pfn) == MIGRATE_UNMOVABLE, "a claimed "
		   "pageblock is of type %d", type_of(live[0].pfn));
	exhaust(GFP_HIGHUSER_MOVABLE, 5);	/* steals from it */
	while (nr_live)
		give(nr_live - 1);
	drain();
	expect(0x40000000000);
}

/*
 * memblock's lists have outgrown their place in the image. Their pages come
 * back, and nobody has memory of memblock any more.
 */
static void memblocks_end(void)
{
	unsigned long i, before;

	world(0x1000, 4096, ZONE_NORMAL);
	add_range(0, 4096);
	host_ram_at(PFN_PHYS(w.base), PFN_PHYS(w.n));
	memblock_allow_resize();
	memblock_add_node(PFN_PHYS(w.base), PFN_PHYS(w.n), 0, MEMBLOCK_NONE);
	for (i = 0; i < 300; i++)
		memblock_reserve(PFN_PHYS(w.base + 2 * i), PAGE_SIZE);
	host_check(memblock.reserved.max > INIT_MEMBLOCK_RESERVED_REGIONS,
		   "the list has not grown");
	make_pages();
	make_zones();
	make_blocks();
	for (i = 0; i < w.n; i++)
		if (!memblock_is_reserved(PFN_PHYS(w.base + i)))
			state[i] = FREE;
	before = PFN_DOWN(__pa(memblock.reserved.regions));
	hand_over();
	check_counts();
	check_all();
	host_check(state[before - w.base] == RESERVED, "a list is free");
	for (i = before - w.base; state[i] == RESERVED; i++) {
		state[i] = FREE;
		w.free[ZONE_NORMAL]++;
		w.managed[ZONE_NORMAL]++;
	}
	memblock_discard();
	check_counts();
	check_all();
	host_log_clear();
	host_check(!memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE) &&
		   host_logged("handed its memory over"), "memblock gives "
		   "memory that it has handed over");
	check_counts();
	check_all();
}

static const struct {
	void (*run)(void);
	const char *what;
} cases[] = {
	{ odd_ends, "ranges whose ends are no multiple of any block" },
	{ largest_order, "no merge is tried at the largest order" },
	{ split_and_merge, "halves have their own order after a split" },
	{ half_a_pair, "neighbours that are no buddies do not merge" },
	{ zones_edge, "no merge crosses a zone's edge" },
	{ second_free, "a second free is noticed at once" },
	{ other_frees, "frees of a wrong order, a middle, a hole" },
	{ no_order, "an order that there is not" },
	{ stays_what_it_was, "a block that is refused stays what it was" },
	{ no_type, "pages in bulk, of two types" },
	{ counted_once, "counts of pages given in bulk" },
	{ far_up, "pages above 20 GiB, or the last below 4 GiB" },
	{ hole_inside, "a hole without struct pages is not walked" },
	{ full_zone, "a full zone refuses" },
	{ kept_type, "a claimed block has its type, and gives it back" },
	{ memblocks_end, "memblock's lists come back, and it gives no more" },
};

/* TAP; the first case that fails ends it. */
int main(void)
{
	unsigned int i;

	host_say("1..%u\n", (unsigned int)ARRAY_SIZE(cases));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		cases[i].run();
		host_say("ok %u - %s\n", i + 1, cases[i].what);
	}
	return 0;
}
