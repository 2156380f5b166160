/*
 * What has gone wrong in other people's slab allocators, and what Linux's
 * own tests of slub and of zeroed memory ask for, a case each, with the
 * model and the checks of slab.c.
 */
#include "slab.c"

static void world(unsigned long pages, const char *debug)
{
	host_reset();
	host_dice_from(pages);
	gfp_allowed_mask = ~0u;
	usual_orders = merging = true;
	init_on_alloc = init_on_free = false;
	if (debug)
		set_param("slab_debug", debug);
	start(pages);
	host_log_clear();
}

static int cache_for(unsigned int size, unsigned int align, slab_flags_t flags,
		     bool ctor)
{
	struct order o = { size, align, flags | SLAB_NO_MERGE, ctor };
	int c = create(&o, size);

	host_check(c >= 0, "no cache for %u bytes", size);
	return c;
}

static u8 *get(int c)
{
	struct live *l = alloc_from(c, GFP_KERNEL);

	host_check(l, "%s gives nothing", caches[c].s->name);
	return l->p;
}

/* The number of an object among those that the test has. */
static unsigned int whose(const u8 *p)
{
	unsigned int k;

	for (k = 0; live[k].p != p; k++)
		;
	return k;
}

static void put(u8 *p)
{
	give(whose(p), false);
}

static void expect_silence(void)
{
	host_check(!*host_log, "something is said");
}

/* Bytes, objects in a slab, pages of it: of Linux 6.18's /proc/slabinfo. */
static const u16 linux_sizes[][3] = {
	{ 8, 512, 1 }, { 16, 256, 1 }, { 24, 170, 1 }, { 32, 128, 1 },
	{ 40, 102, 1 }, { 48, 85, 1 }, { 56, 73, 1 }, { 64, 64, 1 },
	{ 72, 56, 1 }, { 80, 51, 1 }, { 88, 46, 1 }, { 96, 42, 1 },
	{ 104, 39, 1 }, { 112, 36, 1 }, { 120, 34, 1 }, { 128, 32, 1 },
	{ 136, 30, 1 }, { 160, 25, 1 }, { 168, 24, 1 }, { 192, 21, 1 },
	{ 224, 18, 1 }, { 256, 16, 1 }, { 304, 13, 1 }, { 320, 12, 1 },
	{ 368, 11, 1 }, { 376, 21, 2 }, { 408, 10, 1 }, { 440, 9, 1 },
	{ 448, 9, 1 }, { 512, 8, 1 }, { 560, 14, 2 }, { 568, 14, 2 },
	{ 576, 14, 2 }, { 584, 14, 2 }, { 632, 25, 4 }, { 688, 23, 4 },
	{ 704, 11, 2 }, { 784, 10, 2 }, { 832, 19, 4 }, { 1024, 8, 2 },
	{ 1096, 29, 8 }, { 1312, 12, 4 }, { 1344, 12, 4 }, { 2048, 8, 4 },
	{ 2112, 15, 8 }, { 2816, 11, 8 }, { 4096, 8, 8 }, { 8192, 4, 8 },
};

static void check_figures(const struct kmem_cache *s, unsigned int k)
{
	host_check(oo_objects(s->oo) == linux_sizes[k][1] &&
		   1u << oo_order(s->oo) == linux_sizes[k][2], "%s: %u objects"
		   " of %u bytes in %u pages", s->name, oo_objects(s->oo),
		   s->size, 1 << oo_order(s->oo));
}

static void as_in_linux(void)
{
	unsigned int k, i;

	world(4000, NULL);
	for (k = 0; k < ARRAY_SIZE(linux_sizes); k++) {
		check_figures(caches[cache_for(linux_sizes[k][0], 0, 0,
					       false)].s, k);
		for (i = 0; i < 3 * KMALLOC_SIZES; i++)
			if (kmalloc_sizes[i % KMALLOC_SIZES] ==
			    linux_sizes[k][0])
				check_figures(caches[FIRST_KMALLOC + i].s, k);
	}
	host_check(kmem_cache->size % 32 == 0 &&
		   kmem_cache_node->size % 32 == 0, "the caches of caches and "
		   "nodes are not aligned");
}

/* From a size and by a constant, the smallest cache that will do. */
static void table_of_sizes(void)
{
	static const char *const names[3][3] = {
		{ "kmalloc-8", "kmalloc-96", "kmalloc-8k" },
		{ "kmalloc-rcl-8", "kmalloc-rcl-96", "kmalloc-rcl-8k" },
		{ "dma-kmalloc-8", "dma-kmalloc-96", "dma-kmalloc-8k" } };
	static const u8 at[] = { 2, 0, 12 };
	size_t size;
	int i, k;

	world(4000, NULL);
	for (i = 0; i < 3; i++)
		for (k = 0; k < 3; k++)
			host_check(!strcmp(caches[FIRST_KMALLOC + i *
				   KMALLOC_SIZES + at[k]].s->name,
				   names[i][k]), "no %s where it should be",
				   names[i][k]);
	for (size = 1; size <= 8192; size++) {
		struct kmem_cache *s = caches[kmalloc_cache(size, 0)].s;

		host_check(kmalloc_slab(size, GFP_KERNEL) == s &&
			   kmalloc_caches[0][kmalloc_index(size)] == s &&
			   kmalloc_size_roundup(size) == s->object_size,
			   "%zu bytes are not for %s", size, s->name);
	}
	host_check(kmalloc_size_roundup(0) == 0 &&
		   kmalloc_size_roundup(8193) == 16384 &&
		   kmalloc_size_roundup(KMALLOC_MAX_SIZE) == KMALLOC_MAX_SIZE,
		   "sizes are rounded wrongly");
	for (size = 1; size <= KMALLOC_MAX_SIZE; size += 1 + size / 3)
		if (alloc_size(size, GFP_KERNEL | __GFP_NOWARN, 0))
			give(nr_live - 1, true);
	all_back();
}

static const u16 odd_sizes[] = { 1, 8, 24, 100, 192, 700, 2048, 3000, 5000,
	8192, 20000, 40000 };

/* All objects of slabs of several pages are there, and hold what is theirs. */
static void whole_slabs(void)
{
	unsigned int k, i, n;
	int c;

	for (k = 0; k < ARRAY_SIZE(odd_sizes); k++) {
		world(3000, k % 2 ? NULL : "FZPU");
		c = cache_for(odd_sizes[k], 0, 0, false);
		n = 3 * oo_objects(caches[c].s->oo);
		for (i = 0; i < n; i++)
			get(c);
		host_check(caches[c].nr_slabs == 3, "%u objects of %u bytes "
			   "take %u slabs", n, odd_sizes[k],
			   caches[c].nr_slabs);
		check_all();
		while (nr_live)
			give(nr_live / 2, nr_live & 1);
		all_back();
	}
}

/* Where an object may stand when it is freed a second time. */
static void second_frees(void)
{
	unsigned int k, n;
	u8 *p, *q;
	int c;

	for (k = 0; k < ARRAY_SIZE(odd_sizes); k++) {
		world(3000, k % 3 ? NULL : "F");
		c = cache_for(odd_sizes[k], 0, 0, false);
		p = get(c);
		put(p);			/* on the CPU's list, or the node's */
		for (n = 0; n < 600; n++)
			bad_free(c, p, n & 1, "Object already free");
		p = get(c);
		do
			q = get(c);
		while (block_of(p) == block_of(q));
		put(p);			/* of a slab that was full */
		for (n = 0; n < 600; n++)
			bad_free(c, p, n & 1, "Object already free");
		check_all();
		exhaust(c, GFP_KERNEL | __GFP_NOWARN);	/* none comes twice */
		check_all();
		all_back();
	}
}

/* Slabs that move between lists while their objects come back. */
static void lists_left(void)
{
	unsigned int k, i, n;
	int c;

	for (k = 0; k < ARRAY_SIZE(odd_sizes); k++) {
		world(6000, k % 4 ? NULL : "U");
		c = cache_for(odd_sizes[k], 0, 0, false);
		n = oo_objects(caches[c].s->oo);
		for (i = 0; i < 40 * n && nr_live < 3000 &&
		     alloc_from(c, GFP_KERNEL | __GFP_NOWARN); i++)
			;
		for (i = 0; i < nr_live; i += n - (n > 1))
			give(i, false);	/* one of each slab */
		check_all();
		while (nr_live)		/* then those around them */
			give(0, true);
		check_all();
		host_check(caches[c].node.nr <= caches[c].s->min_partial +
			   caches[c].s->cpu_partial_slabs, "%u empty slabs "
			   "stay", caches[c].node.nr);
		all_back();
	}
}

static void one_object(void)
{
	static const char *const debug[] = { NULL, "F", "U", "FZPU" };
	unsigned int k, i;
	int c;

	for (k = 0; k < 4; k++) {
		world(6000, debug[k]);
		c = cache_for(100000, 0, 0, false);
		host_check(oo_objects(caches[c].s->oo) == 1, "more than one");
		for (i = 0; i < 20; i++)
			get(c);
		while (nr_live)
			give(nr_live / 2, false);
		check_all();
		for (i = 0; i < 50; i++)
			put(get(c));
		check_all();
		destroy(c);
		all_back();
	}
}

/* Two objects: free the first, allocate again, free the second. */
static void two_objects(void)
{
	static const char *const debug[] = { NULL, "FZPU" };
	unsigned int k;
	u8 *a, *b;
	int c;

	for (k = 0; k < 2 * ARRAY_SIZE(odd_sizes); k++) {
		world(1000, debug[k & 1]);
		c = cache_for(odd_sizes[k / 2], 0, 0, false);
		a = get(c);
		b = get(c);
		put(a);
		host_check(get(c) == a, "%u bytes: what was freed last is not "
			   "given first", odd_sizes[k / 2]);
		put(b);
		host_check(get(c) == b, "%u bytes: what was freed last is not "
			   "given first", odd_sizes[k / 2]);
		put(a);
		put(b);
		check_all();
		all_back();
	}
}

/* What is the same with either size of a word, and what is not. */
static void alignments(void)
{
	static const struct {
		unsigned int size, align;
		slab_flags_t flags;
		unsigned int align64, size64, align32, size32;
	} all[] = {
		{ 1, 0, 0, 8, 8, 8, 8 },
		{ 12, 0, 0, 8, 16, 8, 16 },
		{ 20, 4, 0, 8, 24, 8, 24 },
		{ 36, 0, 0, 8, 40, 8, 40 },
		{ 100, 0, SLAB_HWCACHE_ALIGN, 64, 128, 32, 128 },
		{ 33, 0, SLAB_HWCACHE_ALIGN, 64, 64, 32, 64 },
		{ 32, 0, SLAB_HWCACHE_ALIGN, 32, 32, 32, 32 },
		{ 17, 0, SLAB_HWCACHE_ALIGN, 32, 32, 32, 32 },
		{ 16, 0, SLAB_HWCACHE_ALIGN, 16, 16, 16, 16 },
		{ 3, 0, SLAB_HWCACHE_ALIGN, 8, 8, 8, 8 },
		{ 24, 256, 0, 256, 256, 256, 256 },
		{ 5000, 4096, 0, 4096, 8192, 4096, 8192 },
	};
	unsigned int k;

	world(2000, NULL);
	for (k = 0; k < ARRAY_SIZE(all); k++) {
		int c = cache_for(all[k].size, all[k].align, all[k].flags,
				  false);
		unsigned int align = sizeof(long) == 8 ? all[k].align64 :
				     all[k].align32;
		unsigned int size = sizeof(long) == 8 ? all[k].size64 :
				    all[k].size32;

		host_check(caches[c].s->align == align &&
			   caches[c].s->size == size, "%u bytes, aligned to "
			   "%u, are %u, aligned to %u", all[k].size,
			   all[k].align, caches[c].s->size,
			   caches[c].s->align);
		get(c);
		get(c);
	}
	all_back();
}

/* Each object is filled to its last byte before the next one is asked for. */
static void filled_at_once(void)
{
	unsigned int k;
	int c;

	for (k = 0; k < ARRAY_SIZE(odd_sizes); k++) {
		world(1000, NULL);
		c = cache_for(odd_sizes[k], 0, 0, false);
		exhaust(c, GFP_KERNEL | __GFP_NOWARN);
		while (nr_live)
			give(nr_live - 1, false);
		check_all();
		exhaust(c, GFP_KERNEL | __GFP_NOWARN | __GFP_ZERO);
		all_back();
	}
}

/* New slabs of a cache have other orders, and free lists show no address. */
static void shuffled(void)
{
	unsigned int i, k, alike = 0, seen = 0;
	u8 *p[64], *base;
	int c;

	world(1000, NULL);
	c = cache_for(512, 0, 0, false);
	for (i = 0; i < 64; i++)
		p[i] = get(c);
	for (i = 8; i < 64; i++)
		alike += number_of(block_of(p[i]), p[i]) ==
			 number_of(block_of(p[i - 8]), p[i - 8]);
	host_check(alike < 50, "all slabs have the same order");
	base = start_of(block_of(p[0]));
	put(p[0]);
	put(p[1]);
	open_around(p[0]);
	for (i = 0; i + sizeof(long) <= 512; i++) {
		memcpy(&k, p[1] + i, sizeof(k));
		seen += k - (u32)(unsigned long)base < 4096;
	}
	host_check(!seen, "a free object shows where another is");
	while (nr_live)
		give(0, false);
	all_back();
}

/*
 * Somebody writes to a free object, over its link. It is told, and nothing
 * is given out that is no object, whatever is done next.
 */
static void spoil(u8 *p, const struct kmem_cache *s, unsigned int how)
{
	if (how < sizeof(long))
		p[s->offset + how] ^= 0x55;	/* one byte */
	else
		host_fill(p + s->offset, how & 1 ? 0 : 0x41, sizeof(long));
}

static void spoiled_link_of(const char *debug)
{
	unsigned int how, then, i;
	u8 *p[8], *q;
	struct kmem_cache *s;

	for (how = 0; how < sizeof(long) + 2; how++)
		for (then = 0; then < 5; then++) {
			world(200, debug);
			s = kmem_cache_create("spoiled", 64, 0, SLAB_NO_MERGE,
					      NULL);
			for (i = 0; i < 8; i++)
				p[i] = kmem_cache_alloc(s, GFP_KERNEL);
			for (i = 0; i < 8; i++)
				kmem_cache_free(s, p[i]);
			spoil(p[5], s, how);
			host_log_clear();
			if (then == 1)
				kmem_cache_shrink(s);
			else if (then == 2)
				validate_slab_cache(s);
			else if (then == 3)
				slab_choose_way();
			else if (then == 4)
				kmem_cache_destroy(s);
			for (i = 0; i < 200 && then < 4; i++) {
				q = kmem_cache_alloc(s, GFP_KERNEL);
				host_check(q && virt_to_slab(q) &&
					   is_object(s, virt_to_slab(q), q),
					   "slab_debug=%s: %p is given", debug,
					   (void *)q);
			}
			if (debug && (then == 1 || then == 4))
				continue;	/* its slab has gone at once */
			host_check(host_logged("reechain corrupt") ||
				   host_logged("reepointer corrupt") ||
				   host_logged("reelist"), "a link that was "
				   "overwritten is not told (%u, %u)", how,
				   then);
		}
}

static void spoiled_link(void)
{
	static const char *const debug[] = { NULL, "P", "Z", "U", "ZU", "F" };
	unsigned int k;

	for (k = 0; k < ARRAY_SIZE(debug); k++)
		spoiled_link_of(debug[k]);
}

/* Two objects, the first freed twice: a ring, which no walk may follow. */
static void ring(void)
{
	struct kmem_cache *s;
	unsigned int then, i;
	u8 *p[3], *q;

	for (then = 0; then < 4; then++) {
		world(500, NULL);
		s = kmem_cache_create("ring", 512, 0, SLAB_NO_MERGE, NULL);
		for (i = 0; i < 3; i++)
			p[i] = kmem_cache_alloc(s, GFP_KERNEL);
		kmem_cache_free(s, p[0]);
		kmem_cache_free(s, p[1]);
		kmem_cache_free(s, p[0]);
		expect_silence();
		if (then == 0)
			kmem_cache_shrink(s);
		else if (then == 1)
			validate_slab_cache(s);
		else if (then == 2)
			slab_choose_way();
		else
			kmem_cache_destroy(s);
		expect_log("Freelist cycle detected");
		for (i = 0; i < 60 && then < 3; i++) {
			q = kmem_cache_alloc(s, GFP_KERNEL);
			host_check(q && q != p[0] && q != p[1] && q != p[2],
				   "%p is given, which may be in use",
				   (void *)q);
		}
	}
}

/* Of a slab that has no object in use none comes back, wherever it stands. */
static void none_in_use(void)
{
	unsigned int k, i, n;
	u8 *p[600];
	int c;

	for (k = 0; k < ARRAY_SIZE(odd_sizes); k++) {
		world(3000, NULL);
		c = cache_for(odd_sizes[k], 0, 0, false);
		n = oo_objects(caches[c].s->oo);
		for (i = 0; i <= n; i++)	/* the first slab is full */
			p[i] = get(c);
		for (i = 0; i < n; i++)
			put(p[i]);
		for (i = 0; i < n; i++)
			bad_free(c, p[i], i & 1, "Object already free");
		check_all();
		all_back();
	}
}

/* What leads into an object, or nowhere, has no size and gets none. */
static void sizes_of_nothing(void)
{
	static const char *const debug[] = { NULL, "ZU", "FZPU" };
	unsigned int k, i;
	struct live *l;
	u8 *p, *wrong[4];

	for (k = 0; k < ARRAY_SIZE(debug); k++) {
		world(2000, debug[k]);
		p = alloc_size(60, GFP_KERNEL, 0)->p;
		alloc_size(60, GFP_KERNEL, 0);
		l = alloc_size(20000, GFP_KERNEL, 0);
		wrong[0] = p + 8;
		wrong[1] = l->p + 64;
		wrong[2] = l->p + PAGE_SIZE;
		wrong[3] = start_of(1999);
		for (i = 0; i < ARRAY_SIZE(wrong); i++) {
			host_log_clear();
			host_check(!ksize(wrong[i]), "%p has a size",
				   (void *)wrong[i]);
			expect_log("ksize(");
			host_check(!krealloc(wrong[i], 30, GFP_KERNEL) &&
				   !krealloc(wrong[i], 90000, GFP_KERNEL),
				   "%p gets a size", (void *)wrong[i]);
			expect_log("krealloc(");
		}
		check_all();
		all_back();		/* and nothing was written */
		expect_silence();
	}
}

/* Who destroys what others share once too often does not destroy it. */
static void destroyed_too_often(void)
{
	struct kmem_cache *s;

	world(2000, NULL);
	s = kmem_cache_create("alias", 2048, 0, 0, NULL);
	host_check(s == kmalloc_slab(2048, GFP_KERNEL), "nothing is shared");
	kmem_cache_destroy(s);
	expect_silence();
	kmem_cache_destroy(s);
	expect_log("kmem_cache_destroy kmalloc-2k: nobody has it");
	kmem_cache_destroy(kmem_cache);
	expect_log("kmem_cache_destroy kmem_cache: nobody has it");
	give(alloc_size(2048, GFP_KERNEL, 0) - live, true);
	check_all();
}

/* A free list that leads round and round, or from the start to nowhere. */
static void astray(void)
{
	static const char *const debug[] = { NULL, "F", "FU", "FZPU" };
	unsigned int k, i;
	struct kmem_cache *s;
	struct slab *slab;
	u8 *p[8], *q;

	for (k = 0; k < 2 * ARRAY_SIZE(debug); k++) {
		world(500, debug[k / 2]);
		s = kmem_cache_create("astray", 512, 0, SLAB_NO_MERGE, NULL);
		for (i = 0; i < 6; i++)
			p[i] = kmem_cache_alloc(s, GFP_KERNEL);
		for (i = 0; i < 3; i++)
			kmem_cache_free(s, p[i]);
		slab_flush(s);
		slab = virt_to_slab(p[0]);
		if (k & 1)
			slab->freelist = p[0] + 8;
		else
			set_freepointer(s, p[0], p[2]);
		host_log_clear();
		validate_slab_cache(s);
		expect_log(k & 1 ? "Freepointer corrupt" :
			   "Freelist cycle detected");
		for (i = 3; i < 6; i++)
			kmem_cache_free(s, p[i]);
		for (i = 0; i < 60; i++) {
			q = kmem_cache_alloc(s, GFP_KERNEL);
			host_check(q && q != p[0] && q != p[1] && q != p[2],
				   "slab_debug=%s: %p is given, which may be "
				   "in use", debug[k / 2], (void *)q);
		}
		kmem_cache_shrink(s);
		validate_slab_cache(s);
	}
}

static const struct {
	const char *debug, *name;
	slab_flags_t flags;
} options[] = {
	{ "F", "any", SLAB_CONSISTENCY_CHECKS },
	{ "zP", "any", SLAB_RED_ZONE | SLAB_POISON },
	{ "U,one", "one", SLAB_STORE_USER },
	{ "U,one", "one2", 0 },
	{ "U,one*", "one2", SLAB_STORE_USER },
	{ "U,two,one", "one", SLAB_STORE_USER },
	{ "U,one;F,two", "two", SLAB_CONSISTENCY_CHECKS },
	{ "Z,one;F", "one", SLAB_RED_ZONE },
	{ "Z,one;F", "two", SLAB_CONSISTENCY_CHECKS },
	{ "F;Z,one", "one", SLAB_RED_ZONE },
	{ ",one", "one", SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE |
		SLAB_POISON | SLAB_STORE_USER },
	{ ",one", "two", 0 },
	{ "", "any", SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON |
		SLAB_STORE_USER },
	{ "-", "any", 0 },
	{ "F;;", "any", SLAB_CONSISTENCY_CHECKS },
	{ ";F;;Z,one;", "any", SLAB_CONSISTENCY_CHECKS },
	{ "F;;Z,one", "one", SLAB_RED_ZONE },
	{ "U,o*x", "one", SLAB_STORE_USER },	/* as in Linux */
	{ "U,o*x", "two", 0 },
	{ "U,*", "one", SLAB_STORE_USER },
	{ "U,one,", "on", 0 },
	{ "FQ", "any", SLAB_CONSISTENCY_CHECKS },
};

static void option_letters(void)
{
	unsigned int k;

	for (k = 0; k < ARRAY_SIZE(options); k++) {
		host_reset();
		set_param("slab_debug", options[k].debug);
		host_check(kmem_cache_flags(SLAB_NO_MERGE, options[k].name) ==
			   (SLAB_NO_MERGE | options[k].flags), "slab_debug=%s:"
			   " %s has flags %#x", options[k].debug,
			   options[k].name, kmem_cache_flags(SLAB_NO_MERGE,
							     options[k].name));
		host_check(kmem_cache_flags(SLAB_NO_USER_FLAGS,
			   options[k].name) == SLAB_NO_USER_FLAGS, "who wants "
			   "no flags gets some");
	}
	host_check(host_logged("'Q' unknown"), "Q is an option");
	host_check(host_set_param("slab_debug", (char[]){
		   "F,a-name-of-forty-characters-and-then-more,"
		   "a-name-of-forty-characters-and-then-more,"
		   "a-name-of-forty-characters-and-then-more,more" }),
		   "an option longer than its place is taken");
}

/* What is too large for a cache is not freed twice either. */
static void large_twice(void)
{
	static const size_t sizes[] = { 8193, 20000, 1 << 17 };
	unsigned int k;
	struct live *l;
	u8 *p;

	world(2000, NULL);
	for (k = 0; k < 3; k++) {
		l = alloc_size(sizes[k], GFP_KERNEL, 0);
		p = l->p;
		bad_free(0, p + PAGE_SIZE, true, "is no object of a cache");
		give(nr_live - 1, true);
		bad_free(0, p, true, "is no object of a cache");
	}
	all_back();
}

/* What an object cannot be is told, and not asked of pages. */
static void wrong_flags(void)
{
	static const gfp_t wrong[] = { __GFP_HIGHMEM, __GFP_MOVABLE,
		__GFP_DMA32, 1u << 31 };
	unsigned int k, i;

	for (k = 0; k < 2 * ARRAY_SIZE(wrong); k++) {
		world(1000, NULL);
		begin();
		kfree(kmalloc(k & 1 ? 3000 : 9000, GFP_KERNEL | wrong[k / 2]));
		expect_log("Unexpected gfp: 0x");
		for (i = 0; i < supply.nr_calls; i++)
			host_check(!(supply.call[i].gfp & wrong[k / 2]),
				   "pages are asked for with %#x",
				   supply.call[i].gfp);
	}
}

static void report(void)
{
	int c;

	world(300, NULL);
	c = cache_for(1000, 0, 0, false);
	exhaust(c, GFP_KERNEL | __GFP_NOWARN);
	expect_silence();
	host_check(!alloc_from(c, GFP_KERNEL), "there is more");
	expect_log("SLUB: Unable to allocate memory on CPU 0");
	while (nr_live)
		give(0, false);
	get(c);				/* and it goes on */
}

/* With checks, what is not sound stays where it is, and all else goes on. */
static void refused(void)
{
	unsigned int i;
	u8 *p[200];
	int c;

	world(1000, "FZPU");
	c = cache_for(64, 0, 0, false);
	for (i = 0; i < 3; i++)
		p[i] = get(c);
	open_around(p[0]);
	p[0][64] = 1;
	kmem_cache_free(caches[c].s, p[0]);
	expect_log("Right Redzone overwritten");
	check_all();
	kmem_cache_free(caches[c].s, p[1] + 8);
	expect_log("Invalid object pointer");
	put(p[0]);			/* it is mended */
	expect_silence();
	p[0][7] = 0;			/* after the free */
	host_log_clear();
	p[0] = kmem_cache_alloc(caches[c].s, GFP_KERNEL);
	expect_log("Poison overwritten");
	host_check(p[0] && slabs[block_of(p[1])].cache == c, "nothing more "
		   "is given");
	for (i = 3; i < 200; i++) {
		p[i] = kmem_cache_alloc(caches[c].s, GFP_KERNEL);
		host_check(p[i], "no object after one was spoiled");
	}
	expect_silence();
}

/* What tests provoke can be counted and not told. */
static void counted(void)
{
	int errors = 0;
	u8 *p;
	int c;

	world(1000, "FZP");
	slab_errors = &errors;
	c = cache_for(64, 0, 0, false);
	p = get(c);
	open_around(p);
	p[64] = 0x12;
	validate_slab_cache(caches[c].s);
	host_check(errors == 2, "a right red zone: %d errors", errors);
	validate_slab_cache(caches[c].s);
	host_check(errors == 2, "what was mended is counted again");
	p[-1] = 0x12;
	validate_slab_cache(caches[c].s);
	host_check(errors == 4, "a left red zone: %d errors", errors - 2);
	verify(&live[0]);
	kmem_cache_free(caches[c].s, p);
	p[33] ^= 1;
	validate_slab_cache(caches[c].s);
	host_check(errors > 4, "a free object is written to, unseen");
	errors = 0;
	validate_slab_cache(caches[c].s);
	host_check(!errors, "poison is not mended");
	expect_silence();
}

/* Zeros are zeros: of each size, at once, again, and after a change of it. */
static void zeroed(void)
{
	static const char *const debug[] = { NULL, "Z", "P", "ZU", "FZPU" };
	unsigned int way, k;
	size_t size, more, at;
	u8 *p;

	for (way = 0; way < 5 * ARRAY_SIZE(debug); way++) {
		world(3000, debug[way / 5]);
		init_on_alloc = way % 5 & 1;
		init_on_free = way % 5 & 2;
		slab_choose_way();
		learn_all();
		for (size = 1; size < 20000; size += 1 + size / 7)
			for (k = 0; k < 3; k++)
				give(alloc_size(size, GFP_KERNEL | __GFP_ZERO,
						0) - live, true);
		for (size = 1; size < 9000; size += 1 + size / 5) {
			p = kzalloc(size, GFP_KERNEL);
			host_fill(p, 0x33, size);
			more = size + 1 + size / 3;
			p = krealloc(p, more, GFP_KERNEL | __GFP_ZERO);
			for (at = 0; at < more; at++)
				host_check(p[at] == (at < size) * 0x33,
					   "slab_debug=%s: %zu bytes, zeroed, "
					   "grow to %zu, and byte %zu is %#x",
					   debug[way / 5] ? debug[way / 5] :
					   "(none)", size, more, at, p[at]);
			kfree(p);
		}
	}
}

/* An object that has a constructor is never anything but constructed. */
static void constructed(void)
{
	static const char *const debug[] = { NULL, "F", "FZPU", "P" };
	unsigned int k, i;
	u8 *p;
	int c;

	for (k = 0; k < 8; k++) {
		world(1000, debug[k / 2]);
		init_on_alloc = init_on_free = k & 1;
		c = cache_for(40, 0, 0, true);
		for (i = 0; i < 300; i++)
			get(c);
		while (nr_live)
			give(nr_live / 3, false);
		p = NULL;
		for (i = 0; i < 3; i++) {	/* who asks for zeros errs */
			p = kmem_cache_alloc(caches[c].s,
					     GFP_KERNEL | __GFP_ZERO);
			host_check(!memcmp(p, &(u64){ MAGIC }, 8), "zeros are "
				   "in place of what was constructed");
		}
	}
}

/* --- out of memory, at every allocation ---------------------------------- */

#define LONG_RUN	2000

static struct step recorded[LONG_RUN];

static void record_steps(void)
{
	unsigned int i, k;

	host_dice_from(4711);
	for (i = 0; i < LONG_RUN; i++) {
		struct step *s = &recorded[i];
		static const u8 mix[] = { ALLOC, ALLOC, ALLOC, KMALLOC, KMALLOC,
			KMALLOC, FREE_ONE, FREE_ONE, FREE_ONE, BULK_ALLOC,
			BULK_FREE, CREATE, DESTROY, REALLOC, SHRINK };

		memset(s, 0, sizeof(*s));
		s->kind = mix[host_dice(ARRAY_SIZE(mix))];
		s->arg[0] = host_dice(1UL << 31);
		s->arg[1] = GFP_KERNEL | __GFP_NOWARN;
		for (k = 2; host_dice(3) && k < 2048; k *= 2)
			;
		s->arg[2] = 1 + host_dice(8 * k);
		s->arg[3] = host_dice(1UL << 31);
	}
}

/* The nth request for pages fails, or the nth for an object. */
static bool run_recorded(unsigned int n, bool pages, unsigned int debug)
{
	unsigned int i;
	bool done;

	world(3000, debug ? debug_options[debug] : NULL);
	if (pages) {
		supply.fail_in = n;
		supply.fails = 1;
	} else {
		failslab.attr.interval = n;
		failslab.attr.probability = 100;
		failslab.attr.times = 1;
		failslab.ignore_gfp_reclaim = false;
		choose_way();
	}
	for (i = 0; i < LONG_RUN; i++) {
		failing = !pages && failslab.attr.times;
		run(&recorded[i], 0);
	}
	done = pages ? supply.fails : failslab.attr.times != 0;
	supply.fails = supply.fail_in = 0;
	failing = false;
	failslab.attr.probability = 0;
	choose_way();
	all_back();
	return done;
}

static bool everything;			/* the long form */

static void out_of_memory(void)
{
	unsigned int n;

	record_steps();
	for (n = 1; !run_recorded(n, true, 0); n++)
		;
	host_check(n > 100, "only %u allocations of pages", n);
	for (n = 1; !run_recorded(n, true, 6); n += everything ? 1 : 5)
		;
	for (n = 1; !run_recorded(n, false, 0);
	     n += everything ? 1 : 1 + n / 20)
		;
	host_check(n > 500, "only %u allocations", n);
}

static void boot(void *arg)
{
	(void)arg;
	kmem_cache_init();
}

/* While the first caches are made there is no other way than to stop. */
static void no_boot(void)
{
	unsigned int n;

	for (n = 1; n < 100; n++) {
		world(100, NULL);
		host_reset();
		make_memory(2000);
		gfp_allowed_mask = GFP_BOOT_MASK;
		learning = true;
		supply.fail_in = n;
		supply.fails = 100;
		if (!host_try(boot, NULL))
			break;
		host_check(host_find(host_reason, "No memory for the") ||
			   host_find(host_reason, "Creation of kmalloc slab") ||
			   host_find(host_reason, "Out of memory when"),
			   "it stops with \"%s\"", host_reason);
	}
	host_check(n > 2 && n < 100, "it starts with %u slabs", n);
}

static void must_have(void *arg)
{
	kmem_cache_create("must", *(unsigned int *)arg, 0, SLAB_PANIC, NULL);
}

static void bad_caches(void)
{
	static const struct order bad[] = { { 0, 0, 0, 0 }, { 64, 24, 0, 0 },
		{ 64, 8192, 0, 0 }, { KMALLOC_MAX_SIZE + 1, 0, 0, 0 } };
	unsigned int k;

	world(1000, NULL);
	for (k = 0; k < ARRAY_SIZE(bad); k++)
		host_check(create(&bad[k], k) < 0, "%u bytes, aligned to %u, "
			   "are a cache", bad[k].size, bad[k].align);
	host_check(!kmem_cache_create(NULL, 64, 0, 0, NULL), "no name");
	for (k = SLAB_KMALLOC; k; k <<= 1)
		host_check(!kmem_cache_create("bad", 64, 0, k, NULL), "flag "
			   "%#x is nobody's", k);
	host_check(host_try(must_have, &(unsigned int){ 0 }), "SLAB_PANIC "
		   "does not stop");
	host_check(!host_try(must_have, &(unsigned int){ 8 }), "SLAB_PANIC "
		   "stops");
	learn_all();
	check_all();
}

static const struct {
	void (*run)(void);
	const char *what;
} cases[] = {
	{ as_in_linux, "objects and pages of slabs are Linux's" },
	{ table_of_sizes, "each size has the smallest cache that will do" },
	{ whole_slabs, "slabs of several pages are used to their end" },
	{ second_frees, "a second free changes no count" },
	{ lists_left, "no slab is taken off a list that it has left" },
	{ one_object, "a slab of one object comes and goes" },
	{ two_objects, "free the first, allocate again, free the second" },
	{ alignments, "alignments of 32 and 64 bits" },
	{ filled_at_once, "no object's end is the next one's link" },
	{ shuffled, "orders differ, and links show nothing" },
	{ spoiled_link, "a link that was overwritten leads nowhere" },
	{ astray, "free lists that lead astray" },
	{ ring, "a free list that is a ring" },
	{ none_in_use, "a second free where nothing is in use" },
	{ sizes_of_nothing, "the size of what is no object" },
	{ destroyed_too_often, "a cache that the kernel needs stays" },
	{ option_letters, "slab_debug= by letters and names" },
	{ large_twice, "a second free of what is large" },
	{ wrong_flags, "flags that no object can have" },
	{ report, "no memory is told, and no end" },
	{ refused, "what is not sound is not freed, and not given" },
	{ counted, "errors are counted when a test wants it" },
	{ zeroed, "zeros, of each size and after each change" },
	{ constructed, "constructed objects stay so" },
	{ out_of_memory, "no memory, at every allocation" },
	{ no_boot, "no memory for the first caches" },
	{ bad_caches, "caches that cannot be" },
};

/* usage: slab_cases [all | number]; TAP, which the first that fails ends. */
int main(int argc, char **argv)
{
	unsigned int i, only = argc > 1 ? simple_strtoull(argv[1], NULL, 0) : 0;

	everything = argc > 1 && !strcmp(argv[1], "all");
	host_say("1..%u\n", (unsigned int)ARRAY_SIZE(cases));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (only && i + 1 != only)
			continue;
		cases[i].run();
		host_say("ok %u - %s\n", i + 1, cases[i].what);
	}
	return 0;
}
