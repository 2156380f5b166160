/*
 * A model of the slab allocator: each slab is a stack of its free objects,
 * and stands on one of the lists, or on none. It says which object an
 * allocation must give, and what becomes of each slab. Of objects that the
 * allocator has for itself it only counts how many there are. For one
 * source file, after slab_pages.h.
 */
#define CACHES		100
#define LIVE		40000
#define OBJECTS		512		/* of a page, at most */
#define NONE		(-1)
#define LARGE		(-1)		/* in place of a cache */

enum where { FULL, CPU, CPU_LIST, NODE, LOST };
enum object { FREE, HIDDEN, TAKEN };

static struct mslab {
	short cache;
	u8 where;
	unsigned int objects, nfree, taken;
	short next, prev;		/* on a list */
} slabs[PAGES];				/* by the first pfn */
static u16 stack[PAGES * OBJECTS];	/* the last is the first to go */
static u8 object[PAGES * OBJECTS];

struct mlist {
	short first, last;
	unsigned int nr;
};

static struct mcache {
	struct kmem_cache *s;		/* NULL: no more */
	unsigned int refs, size, asked;	/* asked: the largest of its users */
	unsigned int hidden;		/* objects that are not the test's */
	unsigned int live, nr_slabs, total;
	short cpu;
	struct mlist node, cpu_list;
	bool debug, ours, zombie;
	u8 cost[CACHES];		/* hidden objects, by cache */
} caches[CACHES];
static int nr_caches;

static struct live {
	u8 *p;
	int cache;
	size_t size;			/* that may be used */
	u32 id;
} live[LIVE];
static unsigned int nr_live, ids;

static unsigned long large_pages, own_pages;	/* own: of the large ones */

static struct kmem_cache_node *node_of(int c)
{
	return get_node(caches[c].s);
}

static int cache_index(const struct kmem_cache *s)
{
	int c;

	for (c = 0; c < nr_caches; c++)
		if (caches[c].s == s)
			return c;
	return NONE;
}

/* --- lists of slabs ---------------------------------------------------- */

static void list_start(struct mlist *l)
{
	*l = (struct mlist){ NONE, NONE, 0 };
}

static void put_first(struct mlist *l, short i)
{
	slabs[i].prev = NONE;
	slabs[i].next = l->first;
	if (l->first >= 0)
		slabs[l->first].prev = i;
	else
		l->last = i;
	l->first = i;
	l->nr++;
}

static void put_last(struct mlist *l, short i)
{
	slabs[i].next = NONE;
	slabs[i].prev = l->last;
	if (l->last >= 0)
		slabs[l->last].next = i;
	else
		l->first = i;
	l->last = i;
	l->nr++;
}

static void take_off(struct mlist *l, short i)
{
	struct mslab *m = &slabs[i];

	if (m->prev >= 0)
		slabs[m->prev].next = m->next;
	else
		l->first = m->next;
	if (m->next >= 0)
		slabs[m->next].prev = m->prev;
	else
		l->last = m->prev;
	l->nr--;
}

/* --- objects and their numbers ----------------------------------------- */

static struct slab *real(int i)
{
	return (struct slab *)pfn_to_page(i);
}

static u8 *start_of(int i)
{
	return host_va(PFN_PHYS(i));
}

/* The block that an address lies in; NONE: in none. */
static int block_of(const void *p)
{
	unsigned long pfn = ((u8 *)p - start_of(0)) >> PAGE_SHIFT, order;

	for (order = 0; order <= MAX_PAGE_ORDER && pfn < PAGES; order++) {
		unsigned long first = ALIGN_DOWN(pfn, 1UL << order);

		if (block[first].used && block[first].order >= order)
			return first;
	}
	return NONE;
}

static u8 *object_at(int i, unsigned int nr)
{
	const struct kmem_cache *s = caches[slabs[i].cache].s;

	return start_of(i) + s->red_left_pad + nr * s->size;
}

/* The number of an object, which must be one. */
static unsigned int number_of(int i, const void *p)
{
	const struct kmem_cache *s = caches[slabs[i].cache].s;
	unsigned long offset = (u8 *)p - start_of(i) - s->red_left_pad;

	host_check(offset / s->size < slabs[i].objects && !(offset % s->size),
		   "%p is no object of %s: it is at %ld in a slab with %u of "
		   "%u bytes", (void *)p, s->name, (long)offset,
		   slabs[i].objects, s->size);
	return offset / s->size;
}

static u8 *top(int i)
{
	return object_at(i, stack[i * OBJECTS + slabs[i].nfree - 1]);
}

static u8 *pop(int i, enum object what)
{
	u8 *p = top(i);

	object[i * OBJECTS + stack[i * OBJECTS + --slabs[i].nfree]] = what;
	slabs[i].taken += what == TAKEN;
	return p;
}

static void push(int i, const void *p)
{
	unsigned int nr = number_of(i, p);

	slabs[i].taken -= object[i * OBJECTS + nr] == TAKEN;
	object[i * OBJECTS + nr] = FREE;
	stack[i * OBJECTS + slabs[i].nfree++] = nr;
}

/* --- slabs that come and go -------------------------------------------- */

static unsigned int objects_of(const struct kmem_cache *s, unsigned int order)
{
	return (PAGE_SIZE << order) / s->size;
}

static void *freelist_of(int i)
{
	struct kmem_cache *s = caches[slabs[i].cache].s;

	if (s->cpu_slab.slab == real(i))
		return s->cpu_slab.freelist;
	return real(i)->freelist;
}

/* Read a slab's free list. What was taken by the test must not be there. */
static void learn_slab(int i)
{
	struct mslab *m = &slabs[i];
	struct kmem_cache *s = caches[m->cache].s;
	unsigned int n = 0, k;
	void *p;

	for (k = 0; k < m->objects; k++)
		if (object[i * OBJECTS + k] == FREE)
			object[i * OBJECTS + k] = HIDDEN;
	for (p = freelist_of(i); p; p = get_freepointer(s, p), n++) {
		k = number_of(i, p);
		host_check(object[i * OBJECTS + k] == HIDDEN, "object %u of "
			   "%s at %p is free, and %s", k, s->name, p,
			   object[i * OBJECTS + k] == FREE ?
			   "listed twice" : "the test has it");
		object[i * OBJECTS + k] = FREE;
		stack[i * OBJECTS + n] = k;
	}
	m->nfree = n;
	for (k = 0; k < n / 2; k++) {
		u16 other = stack[i * OBJECTS + k];

		stack[i * OBJECTS + k] = stack[i * OBJECTS + n - 1 - k];
		stack[i * OBJECTS + n - 1 - k] = other;
	}
}

/* A block has become a slab of this cache. */
static void slab_is_new(int i, int c)
{
	struct mslab *m = &slabs[i];

	*m = (struct mslab){ .cache = c, .where = FULL,
		.objects = objects_of(caches[c].s, block[i].order) };
	host_check(real(i)->objects == m->objects, "%s: of %u objects that a "
		   "slab of order %u has room for, %u are counted",
		   caches[c].s->name, m->objects, block[i].order,
		   real(i)->objects);
	host_fill(object + i * OBJECTS, HIDDEN, m->objects);
	caches[c].nr_slabs++;
	caches[c].total += m->objects;
}

/* The allocator has use for something large: an order of many objects. */
static void large_is_own(int i)
{
	block[i].large = block[i].own = true;
	large_pages += 1UL << block[i].order;
	own_pages += 1UL << block[i].order;
}

/* The blocks that are new and nobody knows of. */
static void find_new_slabs(void)
{
	unsigned int k;

	for (k = 0; k < supply.nr_blocks; k++) {
		int i = blocks[k], c;

		if (slabs[i].cache != NONE || block[i].large)
			continue;
		if (PageLargeKmalloc(pfn_to_page(i))) {
			large_is_own(i);
			continue;
		}
		c = cache_index(real(i)->slab_cache);
		host_check(c >= 0, "pfn %#x is a slab of no cache", i);
		slab_is_new(i, c);
	}
}

static bool learning;		/* the lists will be read again */
static unsigned int nr_lost;	/* slabs that this step must give back */

static void block_is_free(unsigned long pfn)
{
	struct mslab *m = &slabs[pfn];

	if (block[pfn].own) {
		large_pages -= 1UL << block[pfn].order;
		own_pages -= 1UL << block[pfn].order;
	}
	if (block[pfn].large || m->cache == NONE)
		return;
	host_check(!m->taken, "a slab of %s is given back with %u objects "
		   "that the test has", caches[m->cache].s->name, m->taken);
	host_check(learning || m->where == LOST, "%s gives a slab back with "
		   "%u of %u objects free", caches[m->cache].s->name,
		   m->nfree, m->objects);
	caches[m->cache].nr_slabs--;
	caches[m->cache].total -= m->objects;
	m->cache = NONE;
}

/* --- the lists, as they are -------------------------------------------- */

static int slab_index(struct slab *slab, int c)
{
	unsigned long pfn = page_to_pfn(slab_page(slab));

	host_check(pfn < PAGES && block[pfn].used && slabs[pfn].cache == c,
		   "a list of %s has a slab that is none of its own",
		   caches[c].s->name);
	return pfn;
}

/* Objects that are not free, of each cache. */
static void count_used(unsigned int *used)
{
	unsigned int k;

	memset(used, 0, CACHES * sizeof(*used));
	for (k = 0; k < supply.nr_blocks; k++) {
		const struct mslab *m = &slabs[blocks[k]];

		if (m->cache != NONE)
			used[m->cache] += m->objects - m->nfree;
	}
}

static void learn_lists(int c)
{
	struct mcache *m = &caches[c];
	struct list_head *at;
	struct slab *slab;

	m->cpu = NONE;
	list_start(&m->node);
	list_start(&m->cpu_list);
	if (m->s->cpu_slab.slab) {
		m->cpu = slab_index(m->s->cpu_slab.slab, c);
		slabs[m->cpu].where = CPU;
	}
	for (slab = m->s->cpu_slab.partial; slab; slab = slab->next) {
		int i = slab_index(slab, c);

		host_check(slabs[i].where == FULL, "a slab is listed twice");
		slabs[i].where = CPU_LIST;
		put_last(&m->cpu_list, i);
	}
	for (at = node_of(c)->partial.next; at != &node_of(c)->partial;
	     at = at->next) {
		int i = slab_index(list_entry(at, struct slab, slab_list), c);

		host_check(slabs[i].where == FULL, "a slab is listed twice");
		slabs[i].where = NODE;
		put_last(&m->node, i);
	}
}

/* Forget what was foretold, and read how things stand. */
static void learn_all(void)
{
	unsigned int used[CACHES], k;
	int c;

	find_new_slabs();
	for (k = 0; k < supply.nr_blocks; k++)
		if (slabs[blocks[k]].cache != NONE) {
			slabs[blocks[k]].where = FULL;
			learn_slab(blocks[k]);
		}
	count_used(used);
	for (c = 0; c < nr_caches; c++) {
		if (!caches[c].s)
			continue;
		learn_lists(c);
		caches[c].hidden = used[c] - caches[c].live;
	}
}

/* --- is everything as foretold? ---------------------------------------- */

/* What costs nothing to know after each step. */
static void check_cache(int c)
{
	const struct mcache *m = &caches[c];
	const struct kmem_cache_node *n = node_of(c);
	const char *name = m->s->name;

	host_check(n->nr_partial == m->node.nr, "%s: %u slabs are partial, it "
		   "counts %lu", name, m->node.nr, n->nr_partial);
	host_check(n->nr_slabs == m->nr_slabs && n->total_objects == m->total,
		   "%s: %u slabs with %u objects, it counts %lu and %lu", name,
		   m->nr_slabs, m->total, n->nr_slabs, n->total_objects);
	host_check(m->s->cpu_slab.slab == (m->cpu < 0 ? NULL : real(m->cpu)),
		   "%s: the CPU has another slab", name);
	if (m->cpu >= 0)
		host_check(m->s->cpu_slab.freelist ==
			   (slabs[m->cpu].nfree ? top(m->cpu) : NULL),
			   "%s: the CPU would give out %p", name,
			   m->s->cpu_slab.freelist);
}

static void check_counts(void)
{
	unsigned long pages[2] = { large_pages, 0 };
	unsigned int k;

	for (k = 0; k < supply.nr_blocks; k++) {
		int i = blocks[k];

		if (block[i].large)
			continue;
		host_check(slabs[i].cache != NONE, "a block of order %u is "
			   "nobody's", block[i].order);
		pages[caches[slabs[i].cache].s->flags & SLAB_RECLAIM_ACCOUNT ?
		      1 : 0] += 1 << block[i].order;
	}
	host_check(nr_slab_pages(false) == pages[0] &&
		   nr_slab_pages(true) == pages[1], "of %lu and %lu pages in "
		   "slabs, %lu and %lu are counted", pages[0], pages[1],
		   nr_slab_pages(false), nr_slab_pages(true));
}

static void check_slab(int i)
{
	struct mslab *m = &slabs[i];
	struct kmem_cache *s = caches[m->cache].s;
	struct slab *slab = real(i);
	unsigned int n = m->nfree;
	void *p;

	host_check(slab->slab_cache == s && PageSlab(slab_page(slab)) &&
		   slab->objects == m->objects, "a slab of %s says it has %u "
		   "objects, of %s", s->name, slab->objects,
		   slab->slab_cache->name);
	host_check(slab->inuse == (m->where == CPU ? m->objects :
				   m->objects - m->nfree), "%s: of %u objects "
		   "%u are free, and %u in use", s->name, m->objects,
		   m->nfree, slab->inuse);
	host_check(slab->frozen == (m->where == CPU), "%s: a slab is%s frozen",
		   s->name, slab->frozen ? "" : " not");
	host_check(!(slab->flags.f & 1UL << SL_partial) == (m->where != NODE),
		   "%s: a slab's flags say that it is%s partial", s->name,
		   slab->flags.f & 1UL << SL_partial ? "" : " not");
	host_check(m->where != FULL || !n, "%s: a slab with %u free objects "
		   "is on no list", s->name, n);
	for (p = freelist_of(i); p && n; p = get_freepointer(s, p)) {
		n--;
		host_check(p == object_at(i, stack[i * OBJECTS + n]), "%s: %p "
			   "is free before %p", s->name, p,
			   object_at(i, stack[i * OBJECTS + n]));
	}
	host_check(!p && !n, "%s: a free list is too %s", s->name,
		   p ? "long" : "short");
}

static void check_list(int c, struct list_head *head, int i, const char *what)
{
	const struct list_head *at, *before = head;

	for (at = head->next; at != head; before = at, at = at->next) {
		host_check(at->prev == before, "%s: the links of the %s list "
			   "are wrong", caches[c].s->name, what);
		host_check(i >= 0 && list_entry(at, struct slab, slab_list) ==
			   real(i), "%s: another slab is on the %s list",
			   caches[c].s->name, what);
		i = slabs[i].next;
	}
	host_check(i < 0, "%s: the %s list is too short", caches[c].s->name,
		   what);
}

/* Full slabs are known if objects remember who had them. */
static void check_full(int c)
{
	struct list_head *head = &node_of(c)->full, *at;
	unsigned int n = 0, k;

	for (at = head->next; at != head; at = at->next, n++) {
		int i = slab_index(list_entry(at, struct slab, slab_list), c);

		host_check(slabs[i].where == FULL, "%s: a slab on the full "
			   "list is not full", caches[c].s->name);
	}
	for (k = 0; k < supply.nr_blocks; k++)
		n -= slabs[blocks[k]].cache == c &&
		     slabs[blocks[k]].where == FULL &&
		     caches[c].s->flags & SLAB_STORE_USER;
	host_check(!n, "%s: the list of full slabs is wrong by %d",
		   caches[c].s->name, (int)n);
}

static void check_cpu_list(int c)
{
	const struct slab *slab = caches[c].s->cpu_slab.partial;
	int i = caches[c].cpu_list.first, left = caches[c].cpu_list.nr;

	for (; i >= 0; i = slabs[i].next, slab = slab->next, left--)
		host_check(slab == real(i) && slab->slabs == left, "%s: the "
			   "list of the CPU is wrong, with %d slabs to go",
			   caches[c].s->name, left);
	host_check(!slab, "%s: the list of the CPU is too long",
		   caches[c].s->name);
}

static void check_all(void)
{
	unsigned int used[CACHES], k;
	int c;

	for (k = 0; k < supply.nr_blocks; k++)
		if (!block[blocks[k]].large)
			check_slab(blocks[k]);
	count_used(used);
	for (c = 0; c < nr_caches; c++) {
		if (!caches[c].s)
			continue;
		check_cache(c);
		check_list(c, &node_of(c)->partial, caches[c].node.first,
			   "partial");
		check_full(c);
		check_cpu_list(c);
		host_check(used[c] == caches[c].live + caches[c].hidden,
			   "%s: %u objects are in use, %u of them the test's, "
			   "and not %u", caches[c].s->name, used[c],
			   caches[c].live, caches[c].hidden);
	}
	check_counts();
}

/* --- what must come of an allocation, and of a free --------------------- */

/* The slab that this step has made; NONE: there was no memory. */
static int fresh_slab(int c)
{
	struct kmem_cache *s = caches[c].s;
	unsigned int want = s->oo.x >> OO_SHIFT, least = s->min.x >> OO_SHIFT;
	unsigned int n = supply.nr_calls, k;

	host_check(n && n <= 2, "%s needs a slab, and %u times pages were "
		   "asked for", s->name, n);
	for (k = 0; k < n; k++) {
		gfp_t gfp = supply.call[k].gfp;
		bool dma = s->flags & SLAB_CACHE_DMA;

		host_check(supply.call[k].order == (k ? least : want),
			   "%s asks for a slab of order %u", s->name,
			   supply.call[k].order);
		host_check(!(gfp & __GFP_ZERO) && !(gfp & __GFP_DMA) == !dma &&
			   !(gfp & __GFP_RECLAIMABLE) ==
			   !(s->flags & SLAB_RECLAIM_ACCOUNT) &&
			   (k || want == least || gfp & __GFP_NOWARN),
			   "%s asks for a slab with %#x", s->name, gfp);
	}
	host_check(n == 1u + (supply.call[0].pfn < 0 && want > least),
		   "%s gave up too early, or too late", s->name);
	if (supply.call[n - 1].pfn < 0)
		return NONE;
	slab_is_new(supply.call[n - 1].pfn, c);
	return supply.call[n - 1].pfn;
}

/* The next slab of the CPU, which has none; more of the node's come along. */
static int next_slab(int c)
{
	struct mcache *m = &caches[c];
	unsigned int more = m->s->cpu_partial_slabs / 2 + 1;
	int i = m->cpu_list.first, k;

	if (i >= 0) {
		take_off(&m->cpu_list, i);
		return i;
	}
	i = m->node.first;
	if (i < 0)
		return NONE;
	take_off(&m->node, i);
	while (m->s->cpu_partial_slabs && more-- && m->node.nr) {
		k = m->node.first;
		take_off(&m->node, k);
		slabs[k].where = CPU_LIST;
		put_first(&m->cpu_list, k);
	}
	return i;
}

static void learn_fresh(int i, u8 *p)
{
	learn_slab(i);
	host_check(slabs[i].nfree == slabs[i].objects - 1, "of a new slab "
		   "with %u objects %u are free after the first",
		   slabs[i].objects, slabs[i].nfree);
	object[i * OBJECTS + number_of(i, p)] = FREE;
	stack[i * OBJECTS + slabs[i].nfree++] = number_of(i, p);
}

/* An object was asked for, and p is the answer. */
static void model_alloc(int c, u8 *p)
{
	struct mcache *m = &caches[c];
	int i = m->debug ? m->node.first : m->cpu;

	if (m->debug && i >= 0)
		take_off(&m->node, i);
	if (!m->debug && (i < 0 || !slabs[i].nfree)) {
		if (i >= 0)
			slabs[i].where = FULL;
		i = m->cpu = next_slab(c);
	}
	if (i < 0) {
		i = fresh_slab(c);
		host_check((i < 0) == !p, "%s: there is %smemory, and %p is "
			   "given", m->s->name, i < 0 ? "no " : "", p);
		if (i < 0)
			return;
		learn_fresh(i, p);
	} else {
		host_check(!supply.nr_calls, "%s has free objects, and asks "
			   "for pages", m->s->name);
	}
	host_check(p == top(i), "%s gives %p, not %p", m->s->name, p, top(i));
	pop(i, TAKEN);
	m->live++;
	if (!m->debug) {
		m->cpu = i;
		slabs[i].where = CPU;
	} else if (slabs[i].nfree) {
		slabs[i].where = NODE;
		put_first(&m->node, i);
	} else {
		slabs[i].where = FULL;
	}
}

/* The slab stays on the node's list, unless it is empty and one too many. */
static void to_node(int c, int i, bool first)
{
	struct mcache *m = &caches[c];

	if (slabs[i].nfree == slabs[i].objects &&
	    m->node.nr >= m->s->min_partial) {
		slabs[i].where = LOST;
		nr_lost++;
		return;
	}
	slabs[i].where = NODE;
	if (first)
		put_first(&m->node, i);
	else
		put_last(&m->node, i);
}

static void to_cpu_list(int c, int i)
{
	struct mcache *m = &caches[c];
	int k, next;

	if (m->cpu_list.nr >= m->s->cpu_partial_slabs && m->cpu_list.nr) {
		for (k = m->cpu_list.first; k >= 0; k = next) {
			next = slabs[k].next;
			to_node(c, k, false);
		}
		list_start(&m->cpu_list);
	}
	slabs[i].where = CPU_LIST;
	put_first(&m->cpu_list, i);
}

/* An object is about to be freed: what becomes of its slab? */
static void model_free(int c, u8 *p)
{
	struct mcache *m = &caches[c];
	int i = block_of(p);
	bool was_full = !slabs[i].nfree, empty;

	push(i, p);
	m->live--;
	empty = slabs[i].nfree == slabs[i].objects;
	if (slabs[i].where == CPU || slabs[i].where == CPU_LIST)
		return;
	if (was_full && !m->debug) {
		to_cpu_list(c, i);
	} else if (was_full) {
		to_node(c, i, false);
	} else if (empty && m->node.nr >= m->s->min_partial) {
		take_off(&m->node, i);
		slabs[i].where = LOST;
		nr_lost++;
	}
}

/* The CPU keeps nothing of a cache. */
static void model_flush(int c)
{
	struct mcache *m = &caches[c];
	int i = m->cpu, next;

	if (i >= 0 && slabs[i].nfree)
		to_node(c, i, true);
	else if (i >= 0)
		slabs[i].where = FULL;
	for (i = m->cpu_list.first; i >= 0; i = next) {
		next = slabs[i].next;
		to_node(c, i, false);
	}
	m->cpu = NONE;
	list_start(&m->cpu_list);
}
