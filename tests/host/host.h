/*
 * What the tests on the host share. The sources that include this one see
 * either the kernel's headers or the C library's, never both, so it needs
 * neither.
 *
 * A subject is what is tested with random steps: it makes a step, carries
 * it out on the kernel's code and on a model, and compares. The first step
 * of a run sets the scene. Steps are kept, so that a run that fails can be
 * repeated with fewer of them.
 */
#ifndef HOST_H
#define HOST_H

typedef unsigned long long host_u64;

struct step {
	unsigned int kind;
	host_u64 arg[6];
	char text[48];
};

struct subject {
	const char *name;
	unsigned int steps;			/* in one run */
	void (*make)(struct step *s, int first);
	void (*run)(const struct step *s, int first);
	void (*show)(const struct step *s, int first);	/* as C */
};
extern const struct subject subject;

/* Choices: from the seed, or from a fuzzer's bytes. At most 2^32 each. */
host_u64 host_random(host_u64 n);	/* 0 to n - 1 */
static inline int host_chance(int percent)
{
	return (int)host_random(100) < percent;
}

/* The kinds of steps: how often each comes beside the others, and its name. */
struct host_kind {
	int weight;
	const char *name;
};
unsigned int host_kind(const struct host_kind *kinds, unsigned int n);

/* For a step that stands for more than it says: always the same choices. */
void host_dice_from(host_u64 seed);
unsigned long host_dice(unsigned long n);	/* 0 to n - 1; 0 of none */

/* The end of a run that went wrong. */
#define host_check(cond, ...) \
	do { if (!(cond)) host_fail(__VA_ARGS__); } while (0)
void host_fail(const char *fmt, ...)
	__attribute__((__format__(__printf__, 1, 2), __noreturn__));
void host_say(const char *fmt, ...)
	__attribute__((__format__(__printf__, 1, 2)));

/* Something rare has happened; the last line says how often. */
void host_count(int what);

/* Calls @fn; 0, or 1 when the kernel panicked in it: see host_reason. */
int host_try(void (*fn)(void *), void *arg);
void host_panic(void) __attribute__((__noreturn__));
extern char host_reason[256];

/* What the kernel printed since host_log_clear(), levels left out. */
extern char host_log[16384];
void host_log_clear(void);
void host_log_put(const char *s, unsigned int n);
int host_logged(const char *what);
const char *host_find(const char *from, const char *what);

/* All variables of the kernel's code, as they were when it started. */
void host_reset(void);

/* Physical memory: @size bytes from @base on, at most HOST_RAM. */
#define HOST_RAM	(128u << 20)
extern unsigned char host_ram[];
void host_ram_at(host_u64 base, host_u64 size);
void *host_va(host_u64 phys);
extern unsigned long host_page_offset;	/* where physical 0 would be */
host_u64 host_pa(const volatile void *va);

/* Bytes that nobody may touch, until they may again; and their filling. */
void host_guard(const void *p, unsigned long size);
void host_unguard(const void *p, unsigned long size);
void host_fill(void *p, int value, unsigned long size);

/*
 * The array of struct pages, of @size bytes each, for @n pages from @pfn on:
 * in what is not opened for use, an access is an error. Whole pages of
 * 1 << 10 are opened at a time.
 */
void host_map_at(unsigned long pfn, unsigned long n, unsigned int size);
void host_map_open(unsigned long pfn, unsigned long end);
int host_map_has(unsigned long pfn);
extern void *host_map_0;	/* where the page 0 would be */

/*
 * The same for all pages below 64 GiB, by address: nothing is there but what
 * has been opened since all was closed, and that is full of 0xee.
 */
void host_pages_close(void);
void host_pages_open(unsigned long start, unsigned long end);

/* A parameter of the command line, as early_param() registered it. */
void host_param(const char *name, int (*fn)(char *value));
int host_set_param(const char *name, char *value);

#endif
