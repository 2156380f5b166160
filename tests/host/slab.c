/*
 * Random steps of the slab allocator, against the model of slab_model.h,
 * with pages from slab_pages.h. What the test has of an object, nobody else
 * may touch: it is guarded until it is freed.
 */
#include <linux/errno.h>
#include <linux/failslab.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/page_reports.h>
#include <linux/random.h>
#include <linux/string.h>
#include <asm-generic/getorder.h>
#include "host.h"
#include "slab.h"

#include "slab_pages.h"
#include "slab_model.h"

#define FIRST_KMALLOC	2		/* caches[], as they are created */
#define KMALLOC_SIZES	13
static const u16 kmalloc_sizes[KMALLOC_SIZES] = { 96, 192, 8, 16, 32, 64, 128,
	256, 512, 1024, 2048, 4096, 8192 };

static unsigned int steps;
static bool failing;			/* failslab= is in force */

/* --- what is in an object ---------------------------------------------- */

#define MAGIC	0x5ca1ab1e0ddba11ULL	/* what a constructor writes */

static void constructor(void *p)
{
	memcpy(p, &(u64){ MAGIC }, sizeof(u64));
}

static bool has_ctor(const struct live *l)
{
	return l->cache >= 0 && caches[l->cache].s->ctor;
}

/* A byte of the pattern of an object; of large ones only ends are filled. */
static u8 pattern(const struct live *l, size_t at)
{
	return l->id * 151 + at * 7 + 1;
}

static size_t next_filled(const struct live *l, size_t at)
{
	return at == 511 && l->size > 1024 ? l->size - 512 : at + 1;
}

static void fill(struct live *l)
{
	size_t at;

	for (at = has_ctor(l) ? 8 : 0; at < l->size; at = next_filled(l, at))
		l->p[at] = pattern(l, at);
	host_guard(l->p, l->size);
}

/* Is the first part of an object as the test has left it? */
static void verify_part(struct live *l, size_t size)
{
	size_t at = 0;

	host_unguard(l->p, l->size);
	if (has_ctor(l)) {
		host_check(!memcmp(l->p, &(u64){ MAGIC }, 8), "an object of "
			   "%s is not constructed", caches[l->cache].s->name);
		at = 8;
	}
	for (; at < size; at = next_filled(l, at))
		host_check(l->p[at] == pattern(l, at), "byte %zu of %zu at %p "
			   "was changed", at, l->size, (void *)l->p);
}

static void verify(struct live *l)
{
	verify_part(l, l->size);
}

static void expect_bytes(const u8 *p, size_t size, u8 value, const char *what)
{
	size_t at;

	for (at = 0; at < size; at++)
		host_check(p[at] == value, "%s: byte %zu of %zu at %p is %#x",
			   what, at, size, (void *)p, p[at]);
}

static bool may_be_wiped(const struct kmem_cache *s)
{
	return !s->ctor && !(s->flags & (SLAB_TYPESAFE_BY_RCU | SLAB_POISON));
}

/* What a new object must have in it. */
static void check_new(int c, u8 *p, size_t size, gfp_t gfp)
{
	const struct kmem_cache *s = c < 0 ? NULL : caches[c].s;
	bool zeros = gfp & __GFP_ZERO;

	zeros |= (init_on_alloc || init_on_free) && (!s || may_be_wiped(s));
	if (s && s->ctor)
		host_check(!memcmp(p, &(u64){ MAGIC }, 8), "a new object of "
			   "%s is not constructed", s->name);
	else if (zeros)
		expect_bytes(p, size, 0, "zeros are promised");
	else if (s && s->flags & __OBJECT_POISON)
		expect_bytes(p, size - 1,
			     POISON_FREE, "poison is promised");
}

/* And one that was freed just now, if its slab is still there. */
static void check_freed(int c, struct live *l)
{
	const struct kmem_cache *s = caches[c].s;
	int i = block_of(l->p);

	if (i < 0 || slabs[i].cache != c)
		return;
	if (s->flags & __OBJECT_POISON) {
		expect_bytes(l->p, s->object_size - 1, POISON_FREE,
			     "freed, with poison");
		host_check(l->p[s->object_size - 1] == POISON_END, "the last "
			   "byte of poison is %#x",
			   l->p[s->object_size - 1]);
	} else if (s->ctor || s->flags & SLAB_TYPESAFE_BY_RCU) {
		verify(l);
	} else if (init_on_free && may_be_wiped(s)) {
		unsigned int end = s->object_size;

		if (s->offset < s->inuse) {
			expect_bytes(l->p, s->offset, 0, "freed, with zeros");
			end -= min(end, s->offset +
				   (unsigned int)sizeof(void *));
			expect_bytes(l->p + s->object_size - end, end, 0,
				     "freed, with zeros");
		} else {
			expect_bytes(l->p, end, 0, "freed, with zeros");
		}
	}
}

/* --- taking and giving --------------------------------------------------- */

static void begin(void)
{
	supply.nr_calls = supply.nr_freed = supply.nr_failed = 0;
	nr_lost = 0;
}

static struct live *keep(int c, u8 *p, size_t size)
{
	struct live *l = &live[nr_live++];
	unsigned int align = c < 0 ? PAGE_SIZE : caches[c].s->align;

	host_check(IS_ALIGNED((unsigned long)p, align), "%p is not aligned to "
		   "%u bytes", (void *)p, align);
	*l = (struct live){ p, c, size, ids++ };
	fill(l);
	return l;
}

static struct live *keep_new(int c, u8 *p, size_t size, gfp_t gfp)
{
	check_new(c, p, size, gfp);
	return keep(c, p, size);
}

/* An allocation that may fail on purpose is like one that never was. */
static bool failed_on_purpose(int c, gfp_t gfp, const void *p)
{
	bool may = failing && caches[c].s != kmem_cache &&
		   !(gfp & __GFP_NOFAIL);

	if (may && failslab.attr.probability == 100 && failslab.attr.times &&
	    failslab.attr.interval == 1)
		host_check(!p, "%s: what should have failed has not",
			   caches[c].s->name);
	return may && !p && !supply.nr_calls;
}

static struct live *taken(int c, u8 *p, size_t size, gfp_t gfp)
{
	if (!failed_on_purpose(c, gfp, p))
		model_alloc(c, p);
	check_cache(c);
	return p ? keep_new(c, p, size, gfp) : NULL;
}

static struct live *alloc_from(int c, gfp_t gfp)
{
	begin();
	return taken(c, kmem_cache_alloc(caches[c].s, gfp),
		     caches[c].asked, gfp);
}

/* The cache that must serve so many bytes, or LARGE. */
static int kmalloc_cache(size_t size, gfp_t gfp)
{
	int type = gfp & __GFP_DMA ? 2 : gfp & __GFP_RECLAIMABLE ? 1 : 0;
	int i, best = LARGE;

	for (i = 0; i < KMALLOC_SIZES; i++)
		if (kmalloc_sizes[i] >= size &&
		    (best < 0 || kmalloc_sizes[i] < kmalloc_sizes[best]))
			best = i;
	return best < 0 ? LARGE : FIRST_KMALLOC + type * KMALLOC_SIZES + best;
}

static struct live *taken_large(u8 *p, size_t size, gfp_t gfp)
{
	int i = supply.nr_calls == 1 ? (int)supply.call[0].pfn : NONE;

	host_check(supply.nr_calls <= 1 && (size > KMALLOC_MAX_SIZE ||
		   supply.nr_calls), "for %zu bytes %u times pages were asked "
		   "for", size, supply.nr_calls);
	host_check(p == (i < 0 ? NULL : start_of(i)), "for %zu bytes %p is "
		   "given", size, (void *)p);
	if (!p)
		return NULL;
	host_check(PAGE_SIZE << block[i].order >= size &&
		   PAGE_SIZE << block[i].order < 2 * size &&
		   PageLargeKmalloc(pfn_to_page(i)), "for %zu bytes an order "
		   "of %u is given", size, block[i].order);
	block[i].large = true;
	large_pages += 1UL << block[i].order;
	return keep_new(LARGE, p, size, gfp);
}

static struct live *took(u8 *p, size_t size, gfp_t gfp)
{
	int c = kmalloc_cache(size, gfp);

	return c < 0 ? taken_large(p, size, gfp) : taken(c, p, size, gfp);
}

/* One of kmalloc()'s relatives, by a number. */
static struct live *alloc_size(size_t size, gfp_t gfp, unsigned int which)
{
	u8 *p;

	begin();
	switch (which % 4) {
	case 0:
		p = kmalloc(size, gfp);
		break;
	case 1:
		gfp |= __GFP_ZERO;
		p = kzalloc(size, gfp);
		break;
	case 2:
		size = size > 3 ? size / 3 * 3 : 3;
		p = kmalloc_array(3, size / 3, gfp);
		break;
	default:
		gfp |= __GFP_ZERO;
		size = size > 7 ? size / 7 * 7 : 7;
		p = kcalloc(size / 7, 7, gfp);
	}
	return took(p, size, gfp);
}

static void check_gone(void)
{
	host_check(supply.nr_freed == nr_lost, "%u slabs are given back, and "
		   "not %u", supply.nr_freed, nr_lost);
}

static void free_large(struct live *l)
{
	unsigned int order = block[block_of(l->p)].order;

	host_check(block[block_of(l->p)].large, "%p is not large", l->p);
	large_pages -= 1UL << order;
	nr_lost = 1;
	kfree(l->p);
}

static struct live drop(unsigned int k)
{
	struct live l = live[k];

	verify(&l);
	live[k] = live[--nr_live];
	return l;
}

static void give(unsigned int k, bool by_kfree)
{
	struct live l = drop(k);

	begin();
	if (l.cache < 0) {
		free_large(&l);
	} else {
		model_free(l.cache, l.p);
		if (by_kfree)
			kfree(l.p);
		else
			kmem_cache_free(caches[l.cache].s, l.p);
		check_cache(l.cache);
		check_freed(l.cache, &l);
	}
	check_gone();
}

/* --- what is not foretold in detail ------------------------------------ */

static unsigned int hidden_before[CACHES];

static void before(void)
{
	int c;

	begin();
	for (c = 0; c < nr_caches; c++)
		hidden_before[c] = caches[c].hidden;
	learning = true;
}

/* Of the allocator's own objects there are as many as before, and these. */
static void after(const u8 *more, const u8 *less)
{
	int c;

	learning = false;
	learn_all();
	for (c = 0; c < nr_caches; c++)
		host_check(!caches[c].s || caches[c].hidden +
			   (less ? less[c] : 0) == hidden_before[c] +
			   (more ? more[c] : 0),
			   "%s: of its objects %u were lost, and now %u are",
			   caches[c].s->name, hidden_before[c],
			   caches[c].hidden);
}

/* The test has this object, as it is told only now. */
static void claim(int c, u8 *p)
{
	int i = block_of(p);
	u8 *o;

	host_check(i >= 0 && slabs[i].cache == c, "%p is not in %s", (void *)p,
		   caches[c].s->name);
	o = &object[i * OBJECTS + number_of(i, p)];
	host_check(*o == HIDDEN, "%p is given, and %s", (void *)p,
		   *o == FREE ? "free" : "given already");
	*o = TAKEN;
	slabs[i].taken++;
	caches[c].live++;
	caches[c].hidden--;
}

static void change_owner(int c, u8 *p, enum object to)
{
	int i = block_of(p), more = to == TAKEN ? 1 : -1;

	object[i * OBJECTS + number_of(i, p)] = to;
	slabs[i].taken += more;
	caches[c].live += more;
}

/* It is not the test's any more when it is freed in a step like that. */
static void release(int c, u8 *p)
{
	change_owner(c, p, HIDDEN);
}

#define MANY	48

static void bulk_alloc(int c, gfp_t gfp, unsigned int n)
{
	void *p[MANY];
	u8 more[CACHES] = { 0 };
	int got;
	unsigned int i;

	before();
	got = kmem_cache_alloc_bulk(caches[c].s, gfp, n, p);
	host_check(got == (int)n || (!got && (supply.nr_failed || failing)),
		   "of %u objects %d are given", n, got);
	more[c] = got;
	after(more, NULL);
	for (i = 0; i < (unsigned int)got; i++) {
		claim(c, p[i]);
		keep_new(c, p[i], caches[c].asked, gfp);
	}
}

/* Of one cache, or if of any, by NULL. */
static void bulk_free(unsigned int at, unsigned int n, bool any)
{
	void *p[MANY];
	unsigned int i = 0, k;
	int c = live[at % nr_live].cache;
	struct live l;

	if (c < 0)
		return;
	before();
	for (k = 0; k < 4 * n && i < n && nr_live; k++) {
		at = at % nr_live;
		if (live[at].cache < 0 || (!any && live[at].cache != c)) {
			at++;
			continue;
		}
		l = drop(at);
		release(l.cache, l.p);
		p[i++] = l.p;
	}
	kmem_cache_free_bulk(any ? NULL : caches[c].s, i, p);
	after(NULL, NULL);
}

static bool expect_log(const char *what)
{
	bool said = host_logged(what);

	host_check(said, "\"%s\" is not said", what);
	host_log_clear();
	return said;
}

/* --- caches -------------------------------------------------------------- */

struct order {				/* of a cache */
	unsigned int size, align;
	slab_flags_t flags;
	bool ctor;
};

static unsigned int expected_align(const struct order *o)
{
	unsigned int line = sizeof(long) == 8 ? 64 : 32;

	while (o->flags & SLAB_HWCACHE_ALIGN && o->size <= line / 2)
		line /= 2;
	if (!(o->flags & SLAB_HWCACHE_ALIGN))
		line = 8;
	return max(max(line, o->align), 8u);
}

/* The order of slabs for objects of this size, as Linux has it. */
static int expected_order(unsigned int size)
{
	unsigned int many = 8, part, order, most = (PAGE_SIZE << 3) / size;

	many = min(many, max(most, 1u));
	for (part = 16; part > 1; part /= 2)
		for (order = get_order(many * size); order <= 3; order++)
			if ((PAGE_SIZE << order) % size <=
			    (PAGE_SIZE << order) / part)
				return order;
	return get_order(size) <= MAX_PAGE_ORDER ? (int)get_order(size) : NONE;
}

static bool usual_orders = true;

static void check_layout(const struct kmem_cache *s, const struct order *o)
{
	unsigned int end = s->offset + sizeof(void *);

	host_check(s->align == expected_align(o) && s->size % s->align == 0 &&
		   s->red_left_pad % s->align == 0, "%u bytes, aligned to %u, "
		   "are %u, aligned to %u, behind %u", o->size, o->align,
		   s->size, s->align, s->red_left_pad);
	host_check(s->object_size == o->size && s->inuse >= o->size &&
		   s->size >= s->inuse + s->red_left_pad &&
		   end + s->red_left_pad <= s->size &&
		   s->offset % sizeof(void *) == 0, "%u bytes: inuse %u, link "
		   "at %u, size %u", o->size, s->inuse, s->offset, s->size);
	if (!kmem_cache_debug(s))
		host_check(s->size == ALIGN(ALIGN(o->size, sizeof(void *)) +
			   (o->ctor || o->flags & SLAB_TYPESAFE_BY_RCU ?
			    sizeof(void *) : 0), s->align), "%u bytes are %u",
			   o->size, s->size);
	host_check((s->offset >= s->inuse) ==
		   (o->ctor || s->flags & (SLAB_TYPESAFE_BY_RCU | SLAB_POISON)
		    || (s->flags & SLAB_RED_ZONE && o->size < sizeof(void *))),
		   "%u bytes, flags %#x: the link is at %u", o->size, s->flags,
		   s->offset);
	if (usual_orders)
		host_check((int)oo_order(s->oo) == expected_order(s->size),
			   "slabs for %u bytes have order %u", s->size,
			   oo_order(s->oo));
	host_check(oo_objects(s->oo) == objects_of(s, oo_order(s->oo)) &&
		   oo_order(s->min) == get_order(s->size), "%u objects of %u "
		   "bytes in order %u", oo_objects(s->oo), s->size,
		   oo_order(s->oo));
}

/* May such objects live in this cache? */
static bool mergeable(const struct mcache *m, const struct order *o)
{
	const slab_flags_t same = SLAB_RECLAIM_ACCOUNT | SLAB_CACHE_DMA |
				  SLAB_CACHE_DMA32;
	const slab_flags_t never = SLAB_DEBUG_FLAGS | SLAB_TYPESAFE_BY_RCU |
				   SLAB_NO_MERGE;
	unsigned int align = expected_align(o);
	unsigned int size = ALIGN(o->size, align);

	return m->s && !m->zombie && m->s->refcount > 0 && !m->s->ctor &&
	       !o->ctor && !((m->s->flags | o->flags) & never) &&
	       !((m->s->flags ^ o->flags) & same) && m->s->size % align == 0 &&
	       m->s->size >= size && m->s->size - size < sizeof(void *);
}

static int free_index(void)
{
	int c;

	for (c = FIRST_KMALLOC; c < nr_caches; c++)
		if (!caches[c].s)
			return c;
	return nr_caches < CACHES ? nr_caches++ : NONE;
}

static int merged(int c, const struct order *o)
{
	host_check(mergeable(&caches[c], o), "%u bytes, aligned to %u, flags "
		   "%#x, are not for %s", o->size, o->align, o->flags,
		   caches[c].s->name);
	caches[c].refs++;
	caches[c].asked = max(caches[c].asked, o->size);
	after(NULL, NULL);
	return c;
}

static void check_not_mergeable(const struct order *o, slab_flags_t debug)
{
	int c;

	for (c = 0; c < nr_caches && !(debug & SLAB_DEBUG_FLAGS); c++)
		host_check(!mergeable(&caches[c], o), "%u bytes, aligned to "
			   "%u, flags %#x, could be in %s", o->size, o->align,
			   o->flags, caches[c].s->name);
}

static bool merging = true;

static int created(struct kmem_cache *s, const struct order *o)
{
	int c = cache_index(s), k;
	struct mcache *m;

	if (c >= 0)
		return merged(c, o);
	check_layout(s, o);
	if (merging)
		check_not_mergeable(o, s->flags);
	c = free_index();
	m = &caches[c];
	*m = (struct mcache){ .s = s, .refs = 1, .asked = o->size,
		.debug = kmem_cache_debug(s), .ours = true };
	hidden_before[c] = 0;
	learning = false;
	learn_all();
	for (k = 0; k < nr_caches; k++)
		m->cost[k] = caches[k].s ? caches[k].hidden - hidden_before[k]
					 : 0;
	host_check(m->cost[0] == 1 && m->cost[1] == 1, "a cache is %u "
		   "objects, and its nodes %u", m->cost[0], m->cost[1]);
	return c;
}

static bool wrong(const struct order *o)
{
	return !o->size || o->size > KMALLOC_MAX_SIZE || o->align > PAGE_SIZE ||
	       o->align & (o->align - 1) ||
	       (o->size > 1 << 20);	/* with all that debugging adds */
}

static int create(const struct order *o, unsigned int name)
{
	char text[80];
	struct kmem_cache *s;

	snprintf(text, sizeof(text), "test-%u-%.*s", name, (int)(name % 61),
		 "a name that may be longer than what the others have, a lot");
	before();
	s = kmem_cache_create(text, o->size, o->align, o->flags, o->ctor ?
			      constructor : NULL);
	if (s)
		return created(s, o);
	after(NULL, NULL);
	host_check(wrong(o) || supply.nr_failed || failing, "no cache for %u "
		   "bytes, aligned to %u, flags %#x", o->size, o->align,
		   o->flags);
	expect_log("failed with error");
	return NONE;
}

static void destroy(int c)
{
	struct mcache *m = &caches[c];
	bool last = m->refs == 1;
	u8 cost[CACHES];

	memcpy(cost, m->cost, sizeof(cost));
	before();
	kmem_cache_destroy(m->s);
	m->refs--;
	if (!last) {
		after(NULL, NULL);
	} else if (m->live) {
		if (!host_logged("Objects remaining"))	/* they may be many */
			expect_log("still has objects");
		m->zombie = true;
		after(NULL, NULL);
	} else {
		host_check(!m->nr_slabs, "a cache is gone, and %u slabs are "
			   "left", m->nr_slabs);
		m->s = NULL;
		after(NULL, cost);
	}
}

static void shrink(int c)
{
	struct mcache *m = &caches[c];
	int ret, i, free, last = 0;

	before();
	ret = kmem_cache_shrink(m->s);
	after(NULL, NULL);
	host_check(ret == (m->nr_slabs != 0), "%s has %u slabs, and shrink "
		   "says %d", m->s->name, m->nr_slabs, ret);
	host_check(m->cpu < 0 && !m->cpu_list.nr, "%s: the CPU has slabs",
		   m->s->name);
	for (i = m->node.first; i >= 0; i = slabs[i].next) {
		free = slabs[i].nfree;
		host_check(free < (int)slabs[i].objects, "%s keeps an empty "
			   "slab", m->s->name);
		free = min(free, 33);
		host_check(free >= last, "%s: a slab with %d free objects is "
			   "before one with %d", m->s->name, last, free);
		last = free;
	}
}

static void validate(int c)
{
	begin();
	model_flush(c);
	validate_slab_cache(caches[c].s);
	check_cache(c);
	check_gone();
}

/* One of the things has changed that decide if there is a fast path. */
static void choose_way(void)
{
	int c;

	begin();
	for (c = 0; c < nr_caches; c++)
		if (caches[c].s && !caches[c].zombie)
			model_flush(c);
	slab_choose_way();
	check_gone();
	check_all();
}

/* All is back: what is left are the allocator's own objects. */
static void all_back(void)
{
	unsigned int k;
	int c;

	while (nr_live)
		give(nr_live * 7ull / 11, nr_live & 1);
	for (c = 0; c < nr_caches; c++)
		while (caches[c].s && caches[c].ours && !caches[c].zombie)
			destroy(c);
	for (c = 0; c < nr_caches; c++)
		if (caches[c].s)
			shrink(c);
	check_all();
	host_check(large_pages == own_pages, "%lu large pages are left",
		   large_pages - own_pages);
	for (k = 0; k < supply.nr_blocks; k++)
		host_check(block[blocks[k]].large ||
			   slabs[blocks[k]].nfree < slabs[blocks[k]].objects,
			   "a slab of %s is left",
			   caches[slabs[blocks[k]].cache].s->name);
}

/* --- sizes that change --------------------------------------------------- */

/* Did the cache keep what was asked for of an object? */
static bool knows_size(const struct kmem_cache *s)
{
	return s->flags & SLAB_KMALLOC && s->flags & SLAB_STORE_USER;
}

static size_t room_of(const struct live *l)
{
	if (l->cache < 0)
		return PAGE_SIZE << block[block_of(l->p)].order;
	return caches[l->cache].s->object_size;
}

static void grown_in_place(struct live *l, u8 *p, size_t size, gfp_t gfp)
{
	size_t old = l->size;

	host_check(p == l->p && !supply.nr_calls, "%zu bytes at %p have room "
		   "for %zu, and move to %p", old, (void *)l->p, size,
		   (void *)p);
	verify_part(l, min(old, size));
	if (size > old && gfp & __GFP_ZERO && knows_size(caches[l->cache].s))
		expect_bytes(p + old, size - old, 0, "krealloc");
	l->size = size;
	fill(l);
}

static void moved(unsigned int k, u8 *p, size_t size, size_t room)
{
	struct live old = live[k], l = old;
	int c = kmalloc_cache(size, GFP_KERNEL);
	u8 more[CACHES] = { 0 };

	host_unguard(l.p, 1);
	l.p = p;
	verify_part(&l, old.size);
	live[k] = live[--nr_live];
	if (old.cache < 0)
		large_pages -= room >> PAGE_SHIFT;
	if (c < 0) {
		block[block_of(p)].large = true;
		large_pages += 1UL << get_order(size);
	}
	if (c >= 0)
		more[c] = 1;
	after(more, NULL);
	if (c >= 0)
		claim(c, p);
	keep(c, p, size);
}

static void resize(unsigned int k, size_t size, gfp_t gfp)
{
	struct live *l = &live[k];
	size_t room = room_of(l);
	u8 *p;

	if (l->cache >= FIRST_KMALLOC + 3 * KMALLOC_SIZES || has_ctor(l))
		return;
	verify(l);
	if (size <= room) {
		begin();
		p = krealloc(l->p, size, gfp);
		if (l->cache >= 0)
			grown_in_place(l, p, size, gfp);
		else
			grown_in_place(l, p, size, gfp & ~__GFP_ZERO);
		return;
	}
	before();
	if (l->cache >= 0)
		release(l->cache, l->p);
	p = krealloc(l->p, size, gfp);
	if (p) {
		moved(k, p, size, room);
		return;
	}
	host_check(supply.nr_failed || failing || size > KMALLOC_MAX_SIZE,
		   "krealloc() to %zu bytes fails", size);
	if (l->cache >= 0)
		change_owner(l->cache, l->p, TAKEN);
	after(NULL, NULL);
	fill(l);
}

static void ask_size(struct live *l)
{
	size_t size;

	verify(l);
	size = ksize(l->p);
	host_check(size >= l->size && size <= (l->cache < 0 ? room_of(l) :
		   caches[l->cache].s->size), "ksize() of %zu bytes is %zu",
		   l->size, size);
	l->size = size;
	fill(l);
}

static void nothing(void)
{
	begin();
	kfree(NULL);
	kfree(kmalloc(0, GFP_KERNEL));
	host_check(kmalloc(0, GFP_KERNEL) == ZERO_SIZE_PTR &&
		   kcalloc(0, 8, GFP_KERNEL) == ZERO_SIZE_PTR &&
		   !ksize(NULL) && !ksize(ZERO_SIZE_PTR) &&
		   krealloc(NULL, 0, GFP_KERNEL) == ZERO_SIZE_PTR, "nothing is "
		   "something");
	host_check(!kmalloc_array(1UL << (4 * sizeof(long)),
				  1UL << (4 * sizeof(long)), GFP_KERNEL) &&
		   !kcalloc(ULONG_MAX / 2, 3, GFP_KERNEL) &&
		   !kmalloc(ULONG_MAX, GFP_KERNEL | __GFP_NOWARN) &&
		   !kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN),
		   "more than there is was given");
	kmem_cache_destroy(NULL);
	host_check(!supply.used || !supply.nr_freed, "for nothing pages went");
}

/* --- frees that are none, and writes ------------------------------------- */

/* A report reads what is around an object. */
static void open_around(const void *p)
{
	int i = block_of(p);

	if (i >= 0)
		host_unguard(start_of(i), PAGE_SIZE << block[i].order);
}

static void bad_free(int c, u8 *p, bool by_kfree, const char *what)
{
	open_around(p);
	begin();
	if (by_kfree)
		kfree(p);
	else
		kmem_cache_free(caches[c].s, p);
	expect_log(what);
	if (caches[c].s)
		check_cache(c);
	host_check(!supply.nr_freed, "a slab goes with what was not to be "
		   "freed");
}

static void bad_cache(const struct live *l, int c)
{
	if (l->cache == c || !caches[c].s)
		return;
	bad_free(c, l->p, false, l->cache < 0 ? "is no object of a cache" :
		 "Wrong slab cache");
	if (l->cache >= 0)
		check_cache(l->cache);
}

static void bad_inside(const struct live *l, u64 at)
{
	unsigned int size, left;
	unsigned long end;
	int i;

	if (l->cache < 0) {
		bad_free(0, l->p + 1 + at % (room_of(l) - 1), true,
			 "is no object of a cache");
		return;
	}
	i = block_of(l->p);
	size = caches[l->cache].s->size;
	left = (PAGE_SIZE << block[i].order) - slabs[i].objects * size;
	end = start_of(i) + (PAGE_SIZE << block[i].order) - l->p;
	if (left && at & 1)		/* behind the last object */
		bad_free(l->cache, start_of(i) + slabs[i].objects * size +
			 (at >> 2) % left, at & 2, "Invalid object pointer");
	else
		bad_free(l->cache, l->p + 1 + (at >> 2) % (min(end,
			 (unsigned long)size) - 1), at & 2,
			 "Invalid object pointer");
}

/* The head of a free list, or with checks any free object. */
static void bad_twice(u64 at)
{
	unsigned int nr;
	int i, c;

	if (!supply.nr_blocks)
		return;
	i = blocks[at % supply.nr_blocks];
	c = slabs[i].cache;
	if (block[i].large || !slabs[i].nfree)
		return;
	nr = slabs[i].nfree - 1;
	if (caches[c].s->flags & SLAB_CONSISTENCY_CHECKS)
		nr = (at >> 16) % slabs[i].nfree;
	bad_free(c, object_at(i, stack[i * OBJECTS + nr]), at >> 31 & 1,
		 "Object already free");
}

/* Memory that no slab has. */
static void bad_place(u64 at)
{
	unsigned long pfn = at % PAGES;

	if (owned[pfn])
		return;
	bad_free(0, start_of(pfn) + (at >> 13) % PAGE_SIZE, at >> 32 & 1,
		 "is no object of a cache");
}

static bool is_seen(int i)
{
	return slabs[i].where == NODE || (slabs[i].where == FULL &&
		caches[slabs[i].cache].s->flags & SLAB_STORE_USER);
}

/* Found, told with the cache's name, and mended: the next look is silent. */
static void found(int c, const char *what)
{
	char line[120];

	validate(c);
	snprintf(line, sizeof(line), "[%s overwritten]", what);
	host_check(host_logged(line), "%s is not said", line);
	snprintf(line, sizeof(line), "BUG %s (", caches[c].s->name);
	expect_log(line);
	validate(c);
	host_check(!*host_log, "what was mended is told again");
}

static void write_around(const struct live *l, u64 at)
{
	const struct kmem_cache *s = l->cache < 0 ? NULL : caches[l->cache].s;
	unsigned int zone;

	if (!s || !(s->flags & SLAB_RED_ZONE) || !is_seen(block_of(l->p)))
		return;
	open_around(l->p);
	host_log_clear();
	zone = s->inuse - s->object_size;
	if (at % 3 == 0) {
		l->p[-1 - (long)(at / 3 % s->red_left_pad)] ^= 1 + at % 7;
		found(l->cache, "Left Redzone");
	} else if (at % 3 == 1 && zone) {
		l->p[s->object_size + at / 3 % zone] ^= 1 + at % 7;
		found(l->cache, "Right Redzone");
	} else if (knows_size(s) && l->size < s->object_size) {
		zone = s->object_size - l->size;
		l->p[l->size + at / 3 % zone] ^= 1 + at % 7;
		found(l->cache, "kmalloc Redzone");
	}
}

static void write_free(u64 at)
{
	struct kmem_cache *s;
	int i, c;
	u8 *p;

	if (!supply.nr_blocks)
		return;
	i = blocks[at % supply.nr_blocks];
	c = slabs[i].cache;
	if (block[i].large || !slabs[i].nfree || !is_seen(i) ||
	    !(caches[c].s->flags & __OBJECT_POISON))
		return;
	s = caches[c].s;
	p = object_at(i, stack[i * OBJECTS + (at >> 13) % slabs[i].nfree]);
	open_around(p);
	host_log_clear();
	at >>= 16;
	p[at % s->object_size] ^= 1 + at % 7;
	found(c, at % s->object_size == s->object_size - 1 ? "End Poison" :
	      "Poison");
}

/* --- a world, out of one number ------------------------------------------ */

static const char *const debug_options[] = { NULL, "F", "FZ", "P", "Z", "U",
	"FZPU", "", "ZU", "FP", "FZPU,kmalloc-64,test-*", "fz;,dma-kmalloc-*",
	"O", "FZPUO", "Pu", "FZ,kmalloc*;U", "T,kmalloc-64" };

unsigned long get_random_long(void)
{
	return host_dice(ULONG_MAX);
}

u32 get_random_u32_below(u32 ceil)
{
	return host_dice(ceil);
}

void console_printf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
}

bool init_on_alloc, init_on_free;
gfp_t gfp_allowed_mask;
void *high_memory;
bool page_poisoning, check_pages_enabled;
int movable_zone;
#ifdef CONFIG_X86_64
pg_data_t *node_data[MAX_NUMNODES];
struct mem_section **mem_section;
static struct mem_section section[SECTIONS_PER_ROOT], *root[NR_SECTION_ROOTS];
#else
struct page *mem_map;
unsigned long max_mapnr;
#endif
const struct flag_name pageflag_names[] = { { 0, NULL } };

void format_flags(char *buf, size_t size, unsigned long flags,
		  const struct flag_name *names)
{
	(void)names;
	snprintf(buf, size, "%#lx", flags);
}

static void set_param(const char *name, const char *value)
{
	static char text[64];

	strscpy(text, value, sizeof(text));
	host_check(!host_set_param(name, text), "%s=%s is refused", name,
		   value);
}

static void make_memory(unsigned long pages)
{
	supply_reset(pages);
#ifdef CONFIG_X86_64
	root[0] = section;
	mem_section = root;
	section[0].section_mem_map = SECTION_HAS_MEM_MAP;
#else
	mem_map = host_map_0;
	max_mapnr = PAGES;
#endif
	high_memory = start_of(pages);
}

/* Find the caches, from the first one on. */
static void meet_caches(void)
{
	struct list_head *at;

	nr_caches = 0;
	for (at = slab_caches.prev; at != &slab_caches; at = at->prev) {
		struct kmem_cache *s = list_entry(at, struct kmem_cache, list);

		caches[nr_caches++] = (struct mcache){ .s = s, .refs = 1,
			.asked = s->object_size, .debug = kmem_cache_debug(s) };
	}
	host_check(nr_caches == FIRST_KMALLOC + 3 * KMALLOC_SIZES &&
		   caches[0].s == kmem_cache && caches[1].s == kmem_cache_node,
		   "%d caches are there, or in another order", nr_caches);
	learn_all();
}

static void start(unsigned long pages)
{
	unsigned int i;

	for (i = 0; i < PAGES; i++)
		slabs[i].cache = NONE;
	nr_live = ids = steps = 0;
	large_pages = own_pages = 0;
	failing = learning = false;
	make_memory(pages);
	failslab.attr.verbose = 0;
	learning = true;
	kmem_cache_init();
	learning = false;
	meet_caches();
	check_all();
}

/*
 * arg[0]: what the dice begin with, arg[1]: pages, arg[2]: slab_debug=,
 * arg[3]: init_on_alloc and init_on_free, arg[4]: orders of slabs,
 * arg[5]: is all of memory where addresses are plain, may caches merge.
 */
static void set_scene(const struct step *s)
{
	static const char *const orders[][2] = {
		{ "slab_min_order", "1" }, { "slab_max_order", "0" },
		{ "slab_max_order", "1" }, { "slab_min_objects", "40" },
		{ "slab_min_order", "4" }, { "slab_max_order", "10" },
		{ "slab_min_order", "10" } };

	host_dice_from(s->arg[0]);
	gfp_allowed_mask = s->arg[0] & 1 ? GFP_BOOT_MASK : ~0u;
	init_on_alloc = s->arg[3] & 1;
	init_on_free = s->arg[3] & 2;
	if (debug_options[s->arg[2]])
		set_param("slab_debug", debug_options[s->arg[2]]);
	usual_orders = s->arg[4] >= ARRAY_SIZE(orders);
	if (!usual_orders)
		set_param(orders[s->arg[4]][0], orders[s->arg[4]][1]);
	merging = s->arg[5] & 3;
	if (!merging)
		set_param("slab_nomerge", "");
	/* One slab of 4 MiB must not be all of memory. */
	start(s->arg[4] == 6 && s->arg[1] < 1500 ? 1500 : s->arg[1]);
	if (s->arg[5] & 4)
		slab_plain_bytes = PAGE_SIZE * (s->arg[1] / 2);
	usual_orders &= s->arg[2] != 12;
}

/* --- the steps ------------------------------------------------------------ */

enum kind { ALLOC, KMALLOC, FREE_ONE, FREE_SOME, BULK_ALLOC, BULK_FREE,
	    CREATE, DESTROY, SHRINK, REALLOC, SIZE, EXHAUST, ALL_BACK,
	    BAD_CACHE, BAD_INSIDE, BAD_TWICE, BAD_PLACE, VALIDATE, AROUND,
	    AFTER_FREE, STARVE, FAIL, WAY, NOTHING, KINDS };

static const struct host_kind kinds[KINDS] = {
	[ALLOC] = { 0, "kmem_cache_alloc" },
	[KMALLOC] = { 0, "kmalloc" },
	[FREE_ONE] = { 0, "kfree" },
	[FREE_SOME] = { 40, "kfree, of many" },
	[BULK_ALLOC] = { 20, "kmem_cache_alloc_bulk" },
	[BULK_FREE] = { 20, "kmem_cache_free_bulk" },
	[CREATE] = { 25, "kmem_cache_create" },
	[DESTROY] = { 18, "kmem_cache_destroy" },
	[SHRINK] = { 20, "kmem_cache_shrink" },
	[REALLOC] = { 60, "krealloc" },
	[SIZE] = { 20, "ksize" },
	[EXHAUST] = { 2, "kmem_cache_alloc, until there is none" },
	[ALL_BACK] = { 2, "all back" },
	[BAD_CACHE] = { 15, "kmem_cache_free, by a wrong cache" },
	[BAD_INSIDE] = { 15, "kfree, in the middle" },
	[BAD_TWICE] = { 25, "kfree, again" },
	[BAD_PLACE] = { 10, "kfree, of no object" },
	[VALIDATE] = { 10, "validate_slab_cache" },
	[AROUND] = { 30, "a write around an object" },
	[AFTER_FREE] = { 20, "a write to a free object" },
	[STARVE] = { 12, "pages that are not to be had" },
	[FAIL] = { 6, "failslab=" },
	[WAY] = { 4, "init_on_alloc=" },
	[NOTHING] = { 6, "kfree(NULL) and the like" },
};

static enum kind choose_kind(void)
{
	if (host_chance(88)) {
		if (!host_chance(steps / 700 % 2 ? 42 : 58))
			return FREE_ONE;
		return host_chance(50) ? ALLOC : KMALLOC;
	}
	return host_kind(kinds, KINDS);
}

static gfp_t choose_gfp(void)
{
	static const gfp_t how[] = { GFP_KERNEL, GFP_KERNEL, GFP_ATOMIC,
		GFP_NOWAIT };
	gfp_t gfp = how[host_random(4)];

	if (host_chance(20))
		gfp |= __GFP_ZERO;
	if (host_chance(10))
		gfp |= host_chance(50) ? __GFP_DMA : __GFP_RECLAIMABLE;
	if (host_chance(50))
		gfp |= __GFP_NOWARN;
	return gfp;
}

static size_t choose_size(void)
{
	unsigned int bits = host_chance(97) ? 10 : host_chance(70) ? 14 : 23;
	size_t size = host_random(2ull << host_random(bits));

	return size ? size : 1 + host_random(200);
}

static void make(struct step *s, int first)
{
	static const u16 sizes[] = { 90, 160, 512, 512, 1500, 1500, 3000 };

	if (first) {
		s->arg[0] = host_random(1ULL << 32);
		s->arg[1] = sizes[host_random(ARRAY_SIZE(sizes))] +
			    host_random(40);
		if (host_chance(55))
			s->arg[2] = host_random(ARRAY_SIZE(debug_options));
		if (host_chance(40))
			s->arg[3] = host_random(4);
		s->arg[4] = host_chance(75) ? 99 : host_random(7);
		s->arg[5] = host_random(8);
		return;
	}
	s->kind = choose_kind();
	s->arg[0] = host_random(1ULL << 32);
	s->arg[1] = choose_gfp();
	s->arg[2] = choose_size();
	s->arg[3] = host_random(1ULL << 32);
}

static int some_cache(u64 at)
{
	int c = at % nr_caches, k;

	for (k = 0; k < nr_caches; k++, c = (c + 1) % nr_caches)
		if (c >= FIRST_KMALLOC && caches[c].s && !caches[c].zombie)
			return c;
	return FIRST_KMALLOC;
}

/* For a cache of the test's if there is one. */
static int own_cache(u64 at)
{
	int c = at % nr_caches, k;

	for (k = 0; k < nr_caches; k++, c = (c + 1) % nr_caches)
		if (caches[c].s && caches[c].ours && !caches[c].zombie)
			return c;
	return NONE;
}

static int busy_cache(const struct step *s)
{
	return s->arg[0] & 7 && own_cache(s->arg[0] >> 8) >= 0 ?
	       own_cache(s->arg[0] >> 8) : some_cache(s->arg[0] >> 8);
}

static gfp_t fit(int c, gfp_t gfp)
{
	gfp &= ~(__GFP_DMA | __GFP_RECLAIMABLE);
	return caches[c].s->ctor ? gfp & ~__GFP_ZERO : gfp;
}

static void create_some(const struct step *s)
{
	static const slab_flags_t flags[] = { 0, 0, 0, 0, SLAB_HWCACHE_ALIGN,
		SLAB_HWCACHE_ALIGN, SLAB_CACHE_DMA, SLAB_CACHE_DMA32,
		SLAB_RECLAIM_ACCOUNT, SLAB_TYPESAFE_BY_RCU, SLAB_NO_MERGE,
		SLAB_NO_USER_FLAGS };
	u64 at = s->arg[3];
	struct order o = { .size = s->arg[2] % 5000 };

	if (at % 64 == 0)
		o.size = s->arg[2];
	if (at / 64 % 4 == 0)
		o.align = 1u << at / 256 % 13;
	if (at % 1000 == 77)
		o.align = 24;
	o.flags = flags[at / 8192 % ARRAY_SIZE(flags)];
	o.ctor = at >> 20 & 1 && o.size >= 8;
	if (nr_caches < CACHES || free_index() >= 0)
		create(&o, s->arg[0] % 1000000);
}

static void exhaust(int c, gfp_t gfp)
{
	unsigned int n = 0;

	while (nr_live < LIVE - 100 && n++ < 2000 && alloc_from(c, gfp))
		;
}

static void starve(u64 at)
{
	supply.fail_order = at & 1 ? NR_PAGE_ORDERS : (at >> 1) % 4;
	supply.fail_in = at >> 3 & 1 ? 1 + (at >> 4) % 30 : 0;
	supply.fails = supply.fail_in ? 1 + (at >> 9) % 6 : 0;
}

static void set_fail(u64 at)
{
	failslab.attr.probability = at % 3 * 50;
	failslab.attr.times = at / 3 % 4 ? (int)(at / 12 % 60) : -1;
	failslab.ignore_gfp_reclaim = false;
	failing = failslab.attr.probability;
	choose_way();
}

static void run(const struct step *s, int first)
{
	gfp_t gfp = s->arg[1];
	u64 at = s->arg[3];
	unsigned int k = at % max(nr_live, 1u), i;
	int c;

	host_log_clear();
	if (first) {
		set_scene(s);
		return;
	}
	steps++;
	if (nr_live > LIVE - 2500)
		all_back();
	switch (s->kind) {
	case ALLOC:
		c = busy_cache(s);
		alloc_from(c, fit(c, gfp));
		break;
	case KMALLOC:
		alloc_size(s->arg[2], gfp, at);
		break;
	case FREE_ONE:
		if (nr_live)
			give(k, at >> 31);
		break;
	case FREE_SOME:
		for (i = 0; i < (at >> 20) % 200 && nr_live; i++)
			give((k + i) % nr_live, i & 1);
		break;
	case BULK_ALLOC:
		c = busy_cache(s);
		bulk_alloc(c, fit(c, gfp), at % MANY);
		break;
	case BULK_FREE:
		if (nr_live)
			bulk_free(k, 1 + at / 64 % MANY, at >> 31);
		break;
	case CREATE:
		create_some(s);
		break;
	case DESTROY:
		c = own_cache(at);
		if (c >= 0 && (!caches[c].live || caches[c].refs > 1 ||
			       s->arg[0] % 64 == 0))
			destroy(c);
		break;
	case SHRINK:
		shrink(some_cache(at));
		break;
	case REALLOC:
		if (nr_live)
			resize(k, s->arg[2], gfp & ~(__GFP_DMA |
						     __GFP_RECLAIMABLE));
		break;
	case SIZE:
		if (nr_live)
			ask_size(&live[k]);
		break;
	case EXHAUST:
		c = busy_cache(s);
		exhaust(c, fit(c, gfp) | __GFP_NOWARN);
		break;
	case ALL_BACK:
		all_back();
		break;
	case BAD_CACHE:
		if (nr_live)
			bad_cache(&live[k], some_cache(s->arg[0]));
		break;
	case BAD_INSIDE:
		if (s->arg[2] & 1)		/* a large one */
			for (i = 0; i < nr_live && live[k].cache >= 0; i++)
				k = k + 1 < nr_live ? k + 1 : 0;
		if (nr_live)
			bad_inside(&live[k], s->arg[0]);
		break;
	case BAD_TWICE:
		bad_twice(at);
		break;
	case BAD_PLACE:
		bad_place(at);
		break;
	case VALIDATE:
		validate(some_cache(at));
		host_check(!*host_log, "something is found where nothing is");
		break;
	case AROUND:
		if (nr_live)
			write_around(&live[k], s->arg[0]);
		break;
	case AFTER_FREE:
		write_free(at);
		break;
	case STARVE:
		starve(at);
		break;
	case FAIL:
		set_fail(at);
		break;
	case WAY:
		init_on_alloc = at & 1;
		choose_way();
		break;
	case NOTHING:
		if (!failing)
			nothing();
		break;
	}
	if (steps % 64 == 0)
		check_all();
}

static void show(const struct step *s, int first)
{
	if (first) {
		host_say("/* %llu pages, made of %#llx; slab_debug=%s, "
			 "init_on_* %llu, orders %llu, plain and merging %llu */\n",
			 s->arg[1], s->arg[0], debug_options[s->arg[2]] ?
			 debug_options[s->arg[2]] : "(none)", s->arg[3],
			 s->arg[4], s->arg[5]);
		return;
	}
	host_say("%s(/* %#llx */ %#x, %llu, %#llx);\n", kinds[s->kind].name,
		 s->arg[0], (gfp_t)s->arg[1], s->arg[2], s->arg[3]);
}

const struct subject subject = { "slab", 4000, make, run, show };
