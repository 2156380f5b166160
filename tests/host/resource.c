/*
 * The tree of resources against a model: a plain array of the ranges that
 * are in it. Two ranges of a tree are apart, or one lies in the other; of
 * two equal ones the later is the parent. So the array alone says where in
 * the tree each must hang.
 */
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "host.h"

#define MANY	256
#define SPARE	64
#define UNITS	64			/* ranges lie on so many cells */

static struct resource pool[MANY], spare[SPARE];
static unsigned int nr;			/* of the pool in use */
static struct resource *in[MANY + SPARE];	/* in the tree, by age */
static unsigned int nr_in;
static resource_size_t unit, base;

enum kind { INSERT, REQUEST, EXPAND, RELEASE, SPLIT, KINDS };
static const char *const names[] = { "insert_resource", "request_resource",
	"insert_resource_expand_to_fit", "release_resource",
	"reserve_region_with_split" };

static bool inside(const struct resource *a, const struct resource *b)
{
	return a->start >= b->start && a->end <= b->end;
}

static bool apart(const struct resource *a, const struct resource *b)
{
	return a->end < b->start || b->end < a->start;
}

static unsigned int count_tree(const struct resource *parent)
{
	const struct resource *r, *before = NULL;
	unsigned int n = 0;

	for (r = parent->child; r; before = r, r = r->sibling) {
		host_check(r->parent == parent, "%s has a wrong parent",
			   r->name);
		host_check(r->start <= r->end && inside(r, parent),
			   "%s lies outside its parent", r->name);
		host_check(!before || before->end < r->start,
			   "%s overlaps with what is before it", r->name);
		host_check(n < 2 * MANY, "the tree has no end");
		n += 1 + count_tree(r);
	}
	return n;
}

static unsigned int depth(const struct resource *r)
{
	unsigned int n = 0;

	while ((r = r->parent))
		n++;
	return n;
}

static void check_tree(void)
{
	unsigned int i, k, around;

	host_check(count_tree(&iomem_resource) == nr_in,
		   "%u in the tree, not %u", count_tree(&iomem_resource),
		   nr_in);
	for (i = 0; i < nr_in; i++) {
		around = 1;
		for (k = 0; k < nr_in; k++)
			around += k != i && inside(in[i], in[k]) &&
				  !(inside(in[k], in[i]) && k < i);
		host_check(depth(in[i]) == around, "[%#llx-%#llx] hangs at "
			   "depth %u instead of %u", (u64)in[i]->start,
			   (u64)in[i]->end, depth(in[i]), around);
	}
}

static void make(struct step *s, int first)
{
	if (first) {
		s->arg[0] = host_random(3);
		return;
	}
	s->kind = host_chance(40) ? INSERT : host_random(KINDS);
	s->arg[0] = host_random(UNITS);
	s->arg[1] = s->arg[0] + host_random(host_chance(70) ? 6 :
					    UNITS - s->arg[0]);
	if (s->arg[1] >= UNITS)
		s->arg[1] = UNITS - 1;
	s->arg[2] = host_random(nr_in + 1);
}

static void forget(const struct resource *r)
{
	unsigned int i, kept = 0;

	for (i = 0; i < nr_in; i++)
		if (in[i] != r)
			in[kept++] = in[i];
	nr_in = kept;
}

/* With its children, as release_resource() takes them out. */
static void forget_all(struct resource *r)
{
	struct resource *c;

	for (c = r->child; c; c = c->sibling)
		forget_all(c);
	forget(r);
}

static bool fits(const struct resource *new)
{
	unsigned int i;

	for (i = 0; i < nr_in; i++)
		if (!apart(in[i], new) && !inside(in[i], new) &&
		    !inside(new, in[i]))
			return false;
	return true;
}

static bool touches(const struct resource *new)
{
	unsigned int i;

	for (i = 0; i < nr_in; i++)
		if (!apart(in[i], new))
			return true;
	return false;
}

/* What is still free of a range, in pieces: each becomes a resource. */
static void split(resource_size_t start, resource_size_t end)
{
	bool taken[UNITS] = { false }, got[UNITS] = { false };
	unsigned int i, k;
	struct resource *r;

	for (i = 0; i < nr_in; i++)
		for (k = 0; k < UNITS; k++)
			taken[k] |= in[i]->start <= base + k * unit &&
				    in[i]->end >= base + k * unit;
	reserve_region_with_split(&iomem_resource, start, end, "split");
	for (r = iomem_resource.child; r; r = r->sibling) {
		if (r < spare || r >= spare + SPARE)
			continue;
		for (i = 0; i < nr_in && in[i] != r; i++)
			;
		if (i < nr_in)
			continue;
		host_check(r->start >= start && r->end <= end,
			   "a piece lies outside of what was asked for");
		in[nr_in++] = r;
		for (k = 0; k < UNITS; k++)
			got[k] |= r->start <= base + k * unit &&
				  r->end >= base + k * unit;
	}
	if (host_logged("no memory"))
		return;
	for (k = 0; k < UNITS; k++)
		host_check(got[k] == (!taken[k] && base + k * unit >= start &&
				      base + k * unit <= end),
			   "split: cell %u", k);
}

static void run(const struct step *s, int first)
{
	struct resource *new = &pool[nr], asked;
	int ret;

	host_log_clear();
	if (first) {
		unit = s->arg[0] == 1 ? 1 : 4096;
		base = s->arg[0] == 2 ? 0 - UNITS * unit : 0;
		nr = nr_in = 0;
		memset(pool, 0, sizeof(pool));
		memset(spare, 0, sizeof(spare));
		add_free_resources(spare, SPARE);
		return;
	}
	if (nr == MANY)
		return;
	new->start = base + s->arg[0] * unit;
	new->end = base + s->arg[1] * unit + (unit - 1);
	new->name = "new";
	asked = *new;
	switch (s->kind) {
	case INSERT:
		ret = insert_resource(&iomem_resource, new);
		host_check(!ret == fits(&asked), "insert_resource: %d", ret);
		break;
	case REQUEST:
		ret = request_resource(&iomem_resource, new);
		host_check(!ret == !touches(&asked), "request_resource: %d",
			   ret);
		break;
	case EXPAND:
		insert_resource_expand_to_fit(&iomem_resource, new);
		host_check(inside(&asked, new), "it shrank");
		host_check(!fits(&asked) || (new->start == asked.start &&
					     new->end == asked.end),
			   "it grew without need");
		ret = 0;
		break;
	case RELEASE:
		if (s->arg[2] >= nr_in)
			return;
		new = in[s->arg[2]];
		forget_all(new);
		host_check(!release_resource(new), "release_resource failed");
		host_check(release_resource(new), "it is released twice");
		check_tree();
		return;
	default:
		split(asked.start, asked.end);
		check_tree();
		return;
	}
	if (!ret) {
		in[nr_in++] = new;
		nr++;
	} else {
		memset(new, 0, sizeof(*new));
	}
	check_tree();
}

static void show(const struct step *s, int first)
{
	if (first)
		host_say("/* scene %llu */\n", s->arg[0]);
	else if (s->kind == RELEASE)
		host_say("%s(the %llu. of those in the tree);\n",
			 names[s->kind], s->arg[2]);
	else
		host_say("%s(cells %llu to %llu);\n", names[s->kind],
			 s->arg[0], s->arg[1]);
}

const struct subject subject = { "resource", 200, make, run, show };
