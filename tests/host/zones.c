/*
 * From a map to zones, struct pages and free lists: random memory is told
 * to memblock, with holes, odd ends and limits of zones, and then the
 * kernel's own way is gone, from sparse_init() to page_alloc_init_late().
 * The model is the map itself: of each page it says whether it is memory,
 * and in which zone it must be. A step is a world of its own.
 */
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/memblock.h>
#include <linux/mmzone.h>
#include <linux/sizes.h>
#include <linux/start_kernel.h>
#include <linux/string.h>
#include "host.h"
#include "mm_init.h"
#include "page_alloc.h"

#define RANGES		8
#define ZONES		MAX_NR_ZONES
#define LOW_PAGES	(HOST_RAM >> PAGE_SHIFT)	/* have contents */

static struct {
	unsigned int nr;
	struct { unsigned long from, to; } range[RANGES];	/* of pfns */
	unsigned long limit[ZONES + 1];		/* of zone i: from i - 1 on */
	unsigned long movable;			/* where Movable begins, or 0 */
	unsigned long end;			/* behind the last page */
} w;

/* By memblock, or memory that must not be mapped. */
static struct {
	unsigned long from, to;
} reserved[2 * INIT_MEMBLOCK_REGIONS];
static unsigned int nr_reserved;

static bool is_memory(unsigned long pfn)
{
	unsigned int i;

	for (i = 0; i < w.nr; i++)
		if (w.range[i].from <= pfn && pfn < w.range[i].to)
			return true;
	return false;
}

/* Also if it is so only in part. */
static bool is_reserved(unsigned long pfn)
{
	unsigned int i;

	for (i = 0; i < nr_reserved; i++)
		if (reserved[i].from <= pfn && pfn < reserved[i].to)
			return true;
	return false;
}

static unsigned int zone_of(unsigned long pfn)
{
	unsigned int i = 0;

	if (w.movable && pfn >= w.movable)
		return ZONE_MOVABLE;
	while (i < ZONE_MOVABLE - 1 && pfn >= w.limit[i])
		i++;
	return i;
}

static struct zone *zone_at(unsigned int i)
{
	return &NODE_DATA(0)->node_zones[i];
}

/* --- the world --------------------------------------------------------- */

static unsigned long odd(unsigned long n)
{
	static const u8 grain[] = { 0, 0, 0, 1, 3, 9, 10, 15 };
	unsigned int g = grain[host_dice(ARRAY_SIZE(grain))];

	return n >> g << g;
}

/*
 * Always 24 MiB or more from the first megabyte on, for the tables; then
 * what comes, here and there.
 */
static void make_map(void)
{
	unsigned long at, most = sizeof(long) == 8 ? 16UL << 20 : 200000;
	unsigned long grain;
	unsigned int i;

	memset(&w, 0, sizeof(w));
	w.range[0].from = 1 + host_dice(3);
	w.range[0].to = 0x80 + host_dice(0x80);
	w.range[1].from = 0x100 + host_dice(2) * host_dice(5);
	w.range[1].to = 0x1900 + odd(host_dice(LOW_PAGES - 0x1900));
	w.nr = 2;
	at = w.range[1].to;
	for (i = host_dice(RANGES - 1); i; i--) {
		at += 1 + (host_dice(3) ? host_dice(40) :
			   odd(host_dice(most / 8)));
		if (at + 70000 >= most)
			break;
		w.range[w.nr].from = at;
		at += 1 + (host_dice(2) ? host_dice(3000) :
			   odd(host_dice(60000)));
		grain = host_dice(2) ? 1UL << 15 : 1UL << 10;
		if (!host_dice(3))	/* where a block or a section ends */
			at = ALIGN(at, grain);
		w.range[w.nr++].to = at;
	}
	w.end = w.range[w.nr - 1].to;
}

/* x86's own limits, or any. */
static void make_limits(void)
{
	unsigned int i;

	for (i = 0; i < ZONE_MOVABLE; i++)
		w.limit[i] = w.end;
	if (host_dice(2)) {
		w.limit[0] = min(MAX_DMA_PFN, w.end);
#ifdef CONFIG_X86_64
		w.limit[1] = min(MAX_DMA32_PFN, w.end);
#else
		w.limit[1] = min(w.end, LOW_PAGES);
#endif
	} else {
		w.limit[0] = 1 + odd(host_dice(w.end));
		w.limit[1] = max(w.limit[0], odd(host_dice(w.end)));
#ifdef CONFIG_X86_32
		w.limit[1] = max(w.limit[1], LOW_PAGES / 2);
#endif
		w.limit[0] = min(w.limit[0], w.limit[1]);
	}
	max_pfn = w.end;
	max_low_pfn = min(w.end, LOW_PAGES);
#ifdef CONFIG_X86_32
	max_low_pfn = min(w.limit[1], LOW_PAGES);
#endif
}

static phys_addr_t part(void)
{
	return host_dice(2) ? 0 : host_dice(PAGE_SIZE / 2);
}

static void tell_memblock(void)
{
	phys_addr_t start, end, less;
	unsigned long from;
	unsigned int i;

	for (i = 0; i < w.nr; i++) {
		less = part();
		start = PFN_PHYS(w.range[i].from) - less;
		end = PFN_PHYS(w.range[i].to) + part();
		memblock_add_node(start, end - start, 0, MEMBLOCK_NONE);
	}
	for (i = host_dice(3); i; i--) {	/* less than a page */
		from = host_dice(w.end);
		if (!is_memory(from) && !is_memory(from - 1) &&
		    !is_memory(from + 1))
			memblock_add_node(PFN_PHYS(from) + part(),
					  1 + host_dice(PAGE_SIZE / 2), 0,
					  MEMBLOCK_NONE);
	}
	if (!host_dice(3)) {		/* not for the direct map */
		from = host_dice(w.end);
		memblock_mark_nomap(PFN_PHYS(from),
				    PFN_PHYS(1 + host_dice(3000)));
	}
	for (i = host_dice(20); i; i--) {
		from = host_dice(2) ? host_dice(LOW_PAGES) : host_dice(w.end);
		memblock_reserve(PFN_PHYS(from) + part(),
				 1 + host_dice(host_dice(3) ? 20000 : 9000000));
	}
	memblock_set_current_limit(PFN_PHYS(min(LOW_PAGES, max_low_pfn)));
}

/* Part of memory for what can be moved, as the user may wish. */
static void ask_for_movable(void)
{
	char text[32];

	if (host_dice(3))
		return;
	if (host_dice(2))
		scnprintf(text, sizeof(text), "%lu%%", host_dice(101));
	else
		scnprintf(text, sizeof(text), "%lluK",
			  (u64)host_dice(w.end * 5));
	host_set_param(host_dice(2) ? "kernelcore" : "movablecore", text);
}

/* --- struct pages ------------------------------------------------------ */

static bool has_struct_page(unsigned long pfn)
{
#ifdef CONFIG_X86_64
	unsigned int i;

	for (i = 0; i < w.nr; i++)
		if (ALIGN_DOWN(w.range[i].from, PAGES_PER_SECTION) <= pfn &&
		    pfn < ALIGN(w.range[i].to, PAGES_PER_SECTION))
			return true;
	return false;
#else
	return pfn < ALIGN(w.end, MAX_ORDER_NR_PAGES);
#endif
}

#ifdef CONFIG_X86_64
int vmemmap_populate(unsigned long start, unsigned long end, int node)
{
	host_check(!node, "struct pages on node %d", node);
	host_pages_open(start, end);
	return 0;
}
#endif

/* Each pfn at which something may change, and those around it. */
static void each_corner(void (*ask)(unsigned long pfn))
{
	unsigned long pfn, i, k;

	for (i = 0; i < w.nr; i++)
		for (k = 0; k < 2; k++) {
			static const unsigned int grain[] = { 0, 9, 10, 15 };
			unsigned int g;

			pfn = k ? w.range[i].to : w.range[i].from;
			for (g = 0; g < ARRAY_SIZE(grain); g++) {
				unsigned long a = 1UL << grain[g];

				ask(ALIGN_DOWN(pfn, a));
				ask(ALIGN_DOWN(pfn, a) - 1);
				ask(ALIGN(pfn, a));
				ask(ALIGN(pfn, a) - 1);
			}
		}
}

static void ask_valid(unsigned long pfn)
{
	if (pfn > w.end + 2 * MAX_ORDER_NR_PAGES + (1UL << 16))
		return;			/* below page 0 */
	host_check(pfn_valid(pfn) == has_struct_page(pfn), "pfn_valid(%#lx) "
		   "is %d", pfn, pfn_valid(pfn));
}

/* Calls @fn for all that have a struct page. */
static void each_page(void (*fn)(unsigned long pfn))
{
	unsigned long pfn, end = ALIGN(w.end, 1UL << 15), step;

	for (pfn = 0; pfn < end; pfn += step) {
		step = 1;
		if (!has_struct_page(pfn))
			step = MAX_ORDER_NR_PAGES -
			       pfn % MAX_ORDER_NR_PAGES;
		else
			fn(pfn);
	}
}

static unsigned long first_deferred, seen[ZONES], unavailable;

/* After free_area_init(): all are there, but what was put off. */
static void check_described(unsigned long pfn)
{
	const struct page *page = pfn_to_page(pfn);
	bool memory = is_memory(pfn);

	if (memory)
		seen[zone_of(pfn)]++;
	else
		unavailable++;
	if (memory && pfn >= first_deferred)
		return;
	host_check(page->_refcount.counter == 1 && !page->mapping &&
		   page->page_type == PAGE_TYPE_NONE && !page->private &&
		   page->lru.next == &page->lru &&
		   page->lru.prev == &page->lru && page_to_nid(page) == 0,
		   "pfn %#lx, %s, is not initialised: flags %#lx, refcount %d",
		   pfn, memory ? "memory" : "a hole", page->flags.f,
		   page->_refcount.counter);
	host_check(PageReserved(page) == !memory, "pfn %#lx, %s, is %s"
		   "reserved", pfn, memory ? "memory" : "a hole",
		   memory ? "" : "not ");
	if (memory)
		host_check(page_zonenum(page) == zone_of(pfn), "pfn %#lx is in"
			   " zone %d, not %u", pfn, page_zonenum(page),
			   zone_of(pfn));
	if (memory && !(pfn % pageblock_nr_pages))
		host_check(get_pageblock_migratetype(page) ==
			   MIGRATE_MOVABLE, "the pageblock of pfn %#lx is of "
			   "type %d", pfn, get_pageblock_migratetype(page));
}

static void check_spans(void)
{
	unsigned long first[ZONES], last[ZONES], i, end = 0;
	unsigned int k;

	for (k = 0; k < ZONES; k++)
		first[k] = ULONG_MAX, last[k] = 0;
	for (i = 0; i < w.nr; i++) {
		unsigned long pfn = w.range[i].from, to;

		for (; pfn < w.range[i].to; pfn = to) {
			k = zone_of(pfn);
			to = k < ZONE_MOVABLE ? w.limit[k] : w.end;
			if (k < ZONE_MOVABLE && w.movable)
				to = min(to, w.movable);
			to = min(to, w.range[i].to);
			first[k] = min(first[k], pfn);
			last[k] = to;
		}
	}
	for (k = 0; k < ZONES; k++) {
		struct zone *z = zone_at(k);

		host_check(z->present_pages == seen[k], "zone %u has %lu "
			   "pages, and says %lu", k, seen[k],
			   z->present_pages);
		host_check(z->zone_pgdat == NODE_DATA(0) && z->name ==
			   zone_names[k], "zone %u is not set up", k);
		if (!z->spanned_pages)
			continue;
		host_check(z->zone_start_pfn >= end, "zone %u begins at %#lx,"
			   " before %#lx", k, z->zone_start_pfn, end);
		end = zone_end_pfn(z);
		host_check(!seen[k] || (z->zone_start_pfn <= first[k] &&
					last[k] <= end),
			   "zone %u spans [%#lx-%#lx], and has [%#lx-%#lx]",
			   k, z->zone_start_pfn, end - 1, first[k],
			   last[k] - 1);
	}
	host_check(end == w.end, "zones end at %#lx, memory at %#lx", end,
		   w.end);
}

/* Sections are put off, and of the last zone at least one is not. */
static void check_put_off(void)
{
	unsigned long n = 0, i, last = zone_of(w.end - 1);

	if (first_deferred == ULONG_MAX)
		return;
	for (i = 0; i < w.nr; i++) {
		unsigned long pfn = w.range[i].from;

		for (; pfn < w.range[i].to && pfn < first_deferred; pfn++)
			n += zone_of(pfn) == last;
	}
	host_check(!(first_deferred & ((1UL << 15) - 1)), "pages are put off "
		   "from pfn %#lx on", first_deferred);
	host_check(n >= 1UL << 15, "pages are put off from pfn %#lx on, %lu "
		   "of the zone are not", first_deferred, n);
}

/* "On node 0, zone DMA: 97 pages in unavailable ranges", summed up. */
static void check_unavailable(void)
{
	static const char words[] = " pages in unavailable ranges";
	unsigned long sum = 0, n, digit;
	const char *p = host_log, *q;

	while ((p = host_find(p, words))) {
		for (q = p, n = 0, digit = 1; q[-1] >= '0' && q[-1] <= '9';
		     q--, digit *= 10)
			n += (q[-1] - '0') * digit;
		sum += n;
		p++;
	}
	host_check(sum == unavailable, "%lu pages are said to be unavailable,"
		   " and %lu are", sum, unavailable);
}

/* --- free lists -------------------------------------------------------- */

/* A bit for each page below 64 GiB. */
static u8 listed[1 << 21], handed[1 << 21];

static bool test_and_set(u8 *bits, unsigned long pfn)
{
	bool was = bits[pfn >> 3] >> (pfn & 7) & 1;

	bits[pfn >> 3] |= 1 << (pfn & 7);
	return was;
}

static bool is_listed(unsigned long pfn)
{
	return listed[pfn >> 3] >> (pfn & 7) & 1;
}

static bool whole;			/* all has been handed over */

static bool is_free(unsigned long pfn)
{
	return is_memory(pfn) && !is_reserved(pfn) &&
	       (whole || pfn < first_deferred);
}

/*
 * The linker leads the calls of __free_pages_core() to here. Each block must
 * be the largest that fits there.
 */
void __real___free_pages_core(struct page *page, unsigned int order);
void __wrap___free_pages_core(struct page *page, unsigned int order);

void __wrap___free_pages_core(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page), i;

	host_check(order <= MAX_PAGE_ORDER && !(pfn & ((1UL << order) - 1)),
		   "pfn %#lx is handed over with order %u", pfn, order);
	for (i = pfn; i < pfn + (1UL << order); i++) {
		host_check(is_memory(i) && !is_reserved(i), "pfn %#lx, which "
			   "is %s, is handed over", i, is_memory(i) ?
			   "reserved" : "no memory");
		host_check(zone_of(i) == zone_of(pfn), "a block at pfn %#lx is"
			   " handed over that lies in two zones", pfn);
		host_check(!test_and_set(handed, i), "pfn %#lx is handed over"
			   " twice", i);
	}
	if (order < MAX_PAGE_ORDER && !(pfn >> order & 1) && !whole &&
	    pfn + (2UL << order) <= first_deferred) {
		for (; i < pfn + (2UL << order); i++)
			if (!is_memory(i) || is_reserved(i) ||
			    zone_of(i) != zone_of(pfn))
				break;
		host_check(i < pfn + (2UL << order), "pfn %#lx is handed over"
			   " with order %u, and more of it is free", pfn,
			   order);
	}
	__real___free_pages_core(page, order);
}

static void walk_list(struct zone *z, unsigned int order,
		      struct list_head *list)
{
	struct list_head *at;
	unsigned long pfn, i;

	for (at = list->next; at != list; at = at->next) {
		struct page *page = list_entry(at, struct page, lru);

		pfn = page_to_pfn(page);
		host_check(pfn < w.end && PageBuddy(page) &&
			   page->private == order, "pfn %#lx is listed with "
			   "order %u", pfn, order);
		for (i = pfn; i < pfn + (1UL << order); i++)
			host_check(!test_and_set(listed, i) && is_free(i) &&
				   zone_of(i) == (unsigned int)zone_idx(z),
				   "pfn %#lx is on a list of zone %d", i,
				   (int)zone_idx(z));
		i = pfn ^ (1UL << order);
		host_check(order == MAX_PAGE_ORDER || i >= w.end ||
			   !is_free(i) || zone_of(i) != zone_of(pfn) ||
			   !PageBuddy(pfn_to_page(i)) ||
			   pfn_to_page(i)->private != order,
			   "pfns %#lx and %#lx, of order %u, are not merged",
			   pfn, i, order);
	}
}

static void check_freed(unsigned long pfn)
{
	const struct page *page = pfn_to_page(pfn);
	bool free = is_free(pfn);

	if (free)
		seen[zone_of(pfn)]++;
	host_check(is_listed(pfn) == free, "pfn %#lx is %son a list", pfn,
		   free ? "not " : "");
	if (!whole && is_memory(pfn) && !is_reserved(pfn) && !free)
		return;			/* not even described */
	host_check(PageReserved(page) == !free &&
		   page->_refcount.counter == !free, "pfn %#lx is %s, and has "
		   "flags %#lx, refcount %d", pfn, free ? "free" : "reserved",
		   page->flags.f, page->_refcount.counter);
	host_check(!is_memory(pfn) || page_zonenum(page) == zone_of(pfn),
		   "pfn %#lx is in zone %d, not %u", pfn, page_zonenum(page),
		   zone_of(pfn));
}

static void check_lists(void)
{
	unsigned int k, order, mt;

	memset(listed, 0, sizeof(listed) >> (sizeof(long) == 8 ? 0 : 6));
	memset(seen, 0, sizeof(seen));
	for (k = 0; k < ZONES; k++)
		for (order = 0; order < NR_PAGE_ORDERS; order++)
			for (mt = 0; mt < MIGRATE_TYPES; mt++)
				if (populated_zone(zone_at(k)))
					walk_list(zone_at(k), order,
						  &zone_at(k)->free_area[order]
						  .free_list[mt]);
	each_page(check_freed);
	for (k = 0; k < ZONES; k++) {
		struct zone *z = zone_at(k);

		host_check(z->managed_pages == seen[k] &&
			   z->vm_stat[NR_FREE_PAGES] == seen[k],
			   "zone %u: %lu pages are free, %lu managed, %lu "
			   "counted", k, seen[k], z->managed_pages,
			   z->vm_stat[NR_FREE_PAGES]);
	}
}

static void remember_reserved(void)
{
	unsigned long i;

	nr_reserved = 0;
	for (i = 0; i < memblock.reserved.cnt + memblock.memory.cnt; i++) {
		const struct memblock_region *r = i < memblock.reserved.cnt ?
			&memblock.reserved.regions[i] :
			&memblock.memory.regions[i - memblock.reserved.cnt];

		if (i >= memblock.reserved.cnt &&
		    !(r->flags & MEMBLOCK_NOMAP))
			continue;
		reserved[nr_reserved].from = PFN_DOWN(r->base);
		reserved[nr_reserved++].to = PFN_UP(r->base + r->size);
	}
}

/* The tables themselves: the pages that they lie in are nobody's to give. */
static void check_table(const char *what, const void *from, unsigned long size)
{
	unsigned long pfn = PFN_DOWN(__pa(from));

	for (; pfn <= PFN_DOWN(__pa(from) + size - 1); pfn++)
		host_check(!has_struct_page(pfn) || (!is_listed(pfn) &&
			   PageReserved(pfn_to_page(pfn))), "pfn %#lx, which "
			   "holds %s, is free", pfn, what);
}

static void check_tables(void)
{
#ifdef CONFIG_X86_64
	unsigned long nr;

	check_table("the node", NODE_DATA(0), sizeof(pg_data_t));
	check_table("the sections", mem_section,
		    NR_SECTION_ROOTS * sizeof(*mem_section));
	for (nr = 0; nr <= __highest_present_section_nr; nr++)
		if (__nr_to_section(nr) && __nr_to_section(nr)->usage)
			check_table("types", __nr_to_section(nr)->usage,
				    sizeof(struct mem_section_usage));
#else
	unsigned int k;

	check_table("mem_map", mem_map, max_mapnr * sizeof(*mem_map));
	for (k = 0; k < ZONES; k++)
		if (zone_at(k)->spanned_pages)
			check_table("types", zone_at(k)->pageblock_flags, 4);
#endif
}

static void find_movable(void)
{
	struct zone *z = zone_at(ZONE_MOVABLE);

	w.movable = z->spanned_pages ? z->zone_start_pfn : 0;
	host_check(!(w.movable % MAX_ORDER_NR_PAGES), "Movable begins at pfn "
		   "%#lx", w.movable);
}

/*
 * The largest blocks, until there are no more: then nothing may be put off
 * any more, and all of it be as good as if it had never been.
 */
static void grow(void)
{
	static struct page *blocks[8192];
	unsigned int n = 0, most = ARRAY_SIZE(blocks);

	if (host_dice(2))
		most = host_dice(80);
	while (n < most) {
		blocks[n] = alloc_pages(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN,
					MAX_PAGE_ORDER);
		if (!blocks[n])
			break;
		n++;
	}
	host_check(n == most || NODE_DATA(0)->first_deferred_pfn == ULONG_MAX,
		   "after %u blocks there are none, and pfn %#lx is put off",
		   n, NODE_DATA(0)->first_deferred_pfn);
	while (n)
		__free_pages(blocks[--n], MAX_PAGE_ORDER);
	first_deferred = NODE_DATA(0)->first_deferred_pfn;
	check_lists();
}

static unsigned long square_root(u64 n)
{
	unsigned long r = 0;

	while ((u64)(r + 1) * (r + 1) <= n)
		r++;
	return r;
}

static bool is_low(unsigned int k)
{
	return k <= ZONE_NORMAL;
}

/* What a zone keeps, by Linux's rules, of the pages that it manages. */
static void check_marks(void)
{
	static const unsigned int ratio[ZONES] = { [ZONE_DMA] = 256,
#ifdef CONFIG_X86_64
		[ZONE_DMA32] = 256,
#endif
		[ZONE_NORMAL] = 32 };
	u64 low = 0, kbytes, share, min, gap, above;
	unsigned int k, j;

	for (k = 0; k < ZONES; k++)
		low += is_low(k) ? seen[k] : 0;
	kbytes = clamp(square_root(low * 4 * 16), 128UL, 262144UL);
	host_check(min_free_kbytes == (int)kbytes, "min_free_kbytes is %d, "
		   "not %llu", min_free_kbytes, kbytes);
	for (k = 0; k < ZONES; k++) {
		struct zone *z = zone_at(k);

		share = kbytes / 4 * seen[k] / low;
		min = is_low(k) ? share : clamp(seen[k] / 1024, 32UL, 128UL);
		gap = max(share / 4, (u64)seen[k] * 10 / 10000);
		for (j = 0; j < NR_WMARK; j++)
			host_check(z->_watermark[j] == min + j * gap, "zone %u,"
				   " of %lu pages: mark %u is %lu, not %llu",
				   k, seen[k], j, z->_watermark[j],
				   min + j * gap);
		for (j = 0, above = 0; j < ZONES; j++) {
			above += j > k ? seen[j] : 0;
			host_check(z->lowmem_reserve[j] ==
				   (j > k && seen[k] && ratio[k] ?
				    (long)(above / ratio[k]) : 0),
				   "zone %u keeps %ld pages from zone %u", k,
				   z->lowmem_reserve[j], j);
		}
	}
}

static void check_cpu_lists(void)
{
	struct zone *z;

	for_each_populated_zone(z) {
		const struct per_cpu_pages *pcp = z->per_cpu_pageset;
		unsigned long n = min(z->managed_pages >> 10, 256UL) / 4;
		unsigned long two = 1;

		while (two * 2 <= n + n / 2)
			two *= 2;
		n = two > 2 ? two - 1 : 1;
		host_check(pcp->batch == (int)n, "zone %s: batch is %d, not "
			   "%lu", z->name, pcp->batch, n);
		host_check(pcp->high_min == (int)max(z->_watermark[WMARK_LOW],
						     4 * n) &&
			   pcp->high_max == (int)max(z->managed_pages / 8,
						     4 * n),
			   "zone %s, batch %lu: high from %d to %d", z->name,
			   n, pcp->high_min, pcp->high_max);
	}
}

static void zones_of_x86(void *unused)
{
	unsigned long limits[ZONES];

	(void)unused;
	memcpy(limits, w.limit, sizeof(limits));
#ifdef CONFIG_X86_64
	initmem_init();
	sparse_init();
#endif
	free_area_init(limits);
}

static void run(const struct step *s, int first)
{
	(void)first;
	host_dice_from(s->arg[0]);
	whole = false;
	host_ram_at(0, HOST_RAM);
	memset(host_ram, 0xee, HOST_RAM / 4);
	host_pages_close();
	memset(handed, 0, sizeof(handed) >> (sizeof(long) == 8 ? 0 : 6));
	make_map();
	make_limits();
	ask_for_movable();
	tell_memblock();
	if (host_try(zones_of_x86, NULL))
		return;			/* too little memory: it says so */
	find_movable();
	first_deferred = NODE_DATA(0)->first_deferred_pfn;
	memset(seen, 0, sizeof(seen));
	unavailable = 0;
	each_page(check_described);
	check_spans();
	check_put_off();
	check_unavailable();
	each_corner(ask_valid);

	build_all_zonelists(NULL);
	remember_reserved();
	memblock_free_all();
	check_lists();
	check_tables();
	if (host_dice(2))
		grow();
	whole = true;
	setup_per_cpu_pageset();
	page_alloc_init_late();
	check_lists();
	init_per_zone_wmark_min();
	check_marks();
	zone_pcp_update_all();
	check_cpu_lists();
}

static void make(struct step *s, int first)
{
	(void)first;
	s->arg[0] = host_random(1ULL << 32);
}

static void show(const struct step *s, int first)
{
	(void)first;
	host_say("/* a map made of %#llx */\n", s->arg[0]);
}

const struct subject subject = { "zones", 1, make, run, show };
