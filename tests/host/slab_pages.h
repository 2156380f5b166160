/*
 * Pages for the slab allocator: blocks of a small memory, given out at
 * places that the dice choose, with every bit known. What nobody has may
 * not be touched. For one source file, which includes the kernel's headers.
 */
#define PAGES		8192		/* 32 MiB */
#define CALLS		16		/* that are remembered */

struct block {
	u8 used, order;
	bool large;			/* not a slab's, … */
	bool own;			/* … but the allocator's own */
	u16 at;				/* in blocks[] */
};

static struct supply {
	unsigned long n, used;		/* pages: in all, and given out */
	unsigned int nr_blocks;
	unsigned int fail_order;	/* such orders and above fail */
	unsigned int fail_in, fails;	/* after so many, so many fail */
	unsigned int nr_calls, nr_failed, nr_freed;	/* in this step */
	struct { gfp_t gfp; unsigned int order; long pfn; } call[CALLS];
} supply;

static struct block block[PAGES];	/* by the first pfn */
static u8 owned[PAGES];
static u16 blocks[PAGES];

static void block_is_free(unsigned long pfn);	/* the model's */

static void supply_reset(unsigned long n)
{
	unsigned long pfn;

	supply = (struct supply){ .n = n, .fail_order = NR_PAGE_ORDERS };
	memset(block, 0, sizeof(block));
	memset(owned, 0, sizeof(owned));
	host_ram_at(0, PAGES * PAGE_SIZE);
	host_guard(host_va(0), PAGES * PAGE_SIZE);
	host_map_at(0, PAGES, sizeof(struct page));
	host_map_open(0, PAGES);
	for (pfn = 0; pfn < PAGES; pfn++) {
		struct page *page = (struct page *)host_map_0 + pfn;

		memset(page, 0, sizeof(*page));
		page->flags.f = page_links(ZONE_NORMAL, 0);
		page->page_type = PAGE_TYPE_NONE;
	}
}

static bool all_free(unsigned long pfn, unsigned int order)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; i++)
		if (owned[pfn + i])
			return false;
	return true;
}

/* The first free place from one on that the dice choose; -1: none. */
static long find_place(unsigned int order)
{
	unsigned long places = supply.n >> order, i, at;

	if (supply.used + (1UL << order) > supply.n)
		return -1;
	at = host_dice(places);
	for (i = 0; i < places; i++, at = at + 1 < places ? at + 1 : 0)
		if (all_free(at << order, order))
			return at << order;
	return -1;
}

static bool shall_fail(unsigned int order)
{
	if (order >= supply.fail_order || order > MAX_PAGE_ORDER)
		return true;
	if (supply.fail_in && --supply.fail_in)
		return false;
	if (!supply.fails)
		return false;
	supply.fail_in = --supply.fails ? 1 : 0;
	return true;
}

static void prepare(struct page *page, unsigned int order)
{
	unsigned int i;

	for (i = 0; i < 1u << order; i++) {
		host_check(page[i].page_type == PAGE_TYPE_NONE &&
			   !page[i]._refcount.counter, "pfn %#lx was changed "
			   "while it was free", page_to_pfn(page + i));
		memset(page + i, 0xee, sizeof(*page));
		page[i].flags.f = page_links(ZONE_NORMAL, 0);
		page[i].page_type = PAGE_TYPE_NONE;
		page[i]._refcount.counter = 0;
		page[i].lru.next = LIST_POISON1;
		page[i].mapping = NULL;
		page[i].private = 0;
		if (i)
			page[i].compound_head = (unsigned long)page + 1;
	}
	if (order) {
		__SetPageHead(page);
		page[1].flags.f |= order;
	}
}

struct page *alloc_frozen_pages(gfp_t gfp, unsigned int order)
{
	long pfn = shall_fail(order) ? -1 : find_place(order);
	unsigned int call = supply.nr_calls++ % CALLS;
	void *va;

	host_check(!(gfp & (__GFP_HIGHMEM | __GFP_MOVABLE)) &&
		   gfp & __GFP_COMP, "pages are asked for with %#x", gfp);
	supply.call[call].gfp = gfp;
	supply.call[call].order = order;
	supply.call[call].pfn = pfn;
	supply.nr_failed += pfn < 0;
	if (pfn < 0)
		return NULL;
	va = host_va(PFN_PHYS(pfn));
	prepare(pfn_to_page(pfn), order);
	host_unguard(va, PAGE_SIZE << order);
	host_fill(va, gfp & __GFP_ZERO || init_on_alloc || init_on_free ? 0 :
		  0xdb, PAGE_SIZE << order);
	host_fill(owned + pfn, 1, 1 << order);
	supply.used += 1UL << order;
	block[pfn] = (struct block){ .used = true, .order = order,
		.at = supply.nr_blocks };
	blocks[supply.nr_blocks++] = pfn;
	return pfn_to_page(pfn);
}

void free_frozen_pages(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);
	struct block *b = &block[pfn];
	unsigned int i;

	host_check(pfn < PAGES && b->used, "pfn %#lx, given back, begins no "
		   "block", pfn);
	host_check(b->order == order, "pfn %#lx, of order %u, is given back "
		   "with order %u", pfn, b->order, order);
	for (i = 0; i < 1u << order; i++) {
		host_check(page[i].page_type == PAGE_TYPE_NONE &&
			   !page[i].mapping && !page[i]._refcount.counter &&
			   !(page[i].flags.f & 1UL << PG_workingset),
			   "pfn %#lx is given back in a bad state", pfn + i);
		page[i].compound_head = 0;
	}
	block_is_free(pfn);
	host_guard(host_va(PFN_PHYS(pfn)), PAGE_SIZE << order);
	host_fill(owned + pfn, 0, 1 << order);
	supply.used -= 1UL << order;
	supply.nr_freed++;
	blocks[b->at] = blocks[--supply.nr_blocks];
	block[blocks[b->at]].at = b->at;
	*b = (struct block){ 0 };
}
