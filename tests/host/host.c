/* The host's side of the tests: time, memory, failure and the shrinking. */
#include <sanitizer/asan_interface.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "host.h"

/* A generator by Sebastiano Vigna, splitmix64: any seed is a good one. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint64_t dice_state;

void host_dice_from(host_u64 seed)
{
	dice_state = seed;
}

unsigned long host_dice(unsigned long n)
{
	return n ? next_random(&dice_state) % n : 0;
}

#ifdef FUZZ
static const uint8_t *choices, *choices_end;

host_u64 host_random(host_u64 n)
{
	uint64_t value = 0, reach;

	for (reach = 1; reach < n && choices < choices_end; reach <<= 8)
		value = value << 8 | *choices++;
	return n ? value % n : 0;
}
#else
static uint64_t state;

host_u64 host_random(host_u64 n)
{
	return n ? next_random(&state) % n : 0;
}
#endif

unsigned int host_kind(const struct host_kind *kinds, unsigned int n)
{
	unsigned int i;
	int at, sum = 0;

	for (i = 0; i < n; i++)
		sum += kinds[i].weight;
	at = host_random(sum);
	for (i = 0; at >= kinds[i].weight; i++)
		at -= kinds[i].weight;
	return i;
}

void host_say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
}

void host_fail(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	printf("# ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	if (*host_log)
		printf("# the kernel said: %s", host_log);
	fflush(stdout);
#ifdef FUZZ
	abort();
#endif
	_exit(1);
}

static jmp_buf way_back;
static int trying;

int host_try(void (*fn)(void *), void *arg)
{
	trying = 1;
	if (setjmp(way_back)) {
		trying = 0;
		return 1;
	}
	fn(arg);
	trying = 0;
	return 0;
}

void host_panic(void)
{
	if (!trying)
		host_fail("panic: %s", host_reason);
	longjmp(way_back, 1);
}

char host_reason[256];
char host_log[16384];
static unsigned int log_used;

void host_log_clear(void)
{
	log_used = 0;
	host_log[0] = '\0';
}

void host_log_put(const char *s, unsigned int n)
{
	if (n > sizeof(host_log) - 1 - log_used)
		n = sizeof(host_log) - 1 - log_used;
	memcpy(host_log + log_used, s, n);
	log_used += n;
	host_log[log_used] = '\0';
}

int host_logged(const char *what)
{
	return strstr(host_log, what) != NULL;
}

const char *host_find(const char *from, const char *what)
{
	return strstr(from, what);
}

/*
 * The objects of the kernel have their data in sections with names of
 * their own, so that the linker says where these begin and end. There are
 * redzones between the variables: a copy byte by byte, unsanitised.
 */
extern char __start_kernel_data[], __stop_kernel_data[];
extern char __start_kernel_bss[], __stop_kernel_bss[];

static void copy(char *to, const char *from, size_t n)
{
	while (n--)
		*(volatile char *)to++ = *from++;
}

void host_reset(void)
{
	static char *data, *bss;
	size_t data_size = __stop_kernel_data - __start_kernel_data;
	size_t bss_size = __stop_kernel_bss - __start_kernel_bss;

	if (!data) {
		data = malloc(data_size);
		bss = malloc(bss_size);
		copy(data, __start_kernel_data, data_size);
		copy(bss, __start_kernel_bss, bss_size);
	}
	copy(__start_kernel_data, data, data_size);
	copy(__start_kernel_bss, bss, bss_size);
	host_log_clear();
}

unsigned char host_ram[HOST_RAM] __attribute__((__aligned__(4 << 20)));
static host_u64 ram_base, ram_size;
unsigned long host_page_offset;

void host_ram_at(host_u64 base, host_u64 size)
{
	if (size > HOST_RAM)
		host_fail("more than HOST_RAM");
	ram_base = base;
	ram_size = size;
	host_page_offset = (uintptr_t)host_ram - (uintptr_t)base;
}

void host_guard(const void *p, unsigned long size)
{
	__asan_poison_memory_region(p, size);
}

void host_unguard(const void *p, unsigned long size)
{
	__asan_unpoison_memory_region(p, size);
}

void host_fill(void *p, int value, unsigned long size)
{
	memset(p, value, size);
}

void *host_va(host_u64 phys)
{
	if (phys - ram_base > ram_size)
		host_fail("__va(%#llx), where there is no RAM", phys);
	return host_ram + (phys - ram_base);
}

host_u64 host_pa(const volatile void *va)
{
	size_t offset = (const volatile unsigned char *)va - host_ram;

	if ((uintptr_t)va < 4096)	/* kfree(NULL) asks, too */
		return -1;
	if (offset > ram_size)
		host_fail("__pa(%p), which is not in RAM", (void *)va);
	return ram_base + offset;
}

/*
 * Struct pages: 8 MiB, of which only what is opened may be touched. Before
 * and behind it is room for what lies in the same largest block.
 */
#define MAP_SIZE	(16u << 20)
static char *map;
static unsigned long map_pfn, map_end;
static unsigned int page_size;
static unsigned char map_open[MAP_SIZE >> 15];
void *host_map_0;

void host_map_at(unsigned long pfn, unsigned long n, unsigned int size)
{
	if (!map)
		map = mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	page_size = size;
	map_pfn = pfn & ~1023ul;
	map_end = ((pfn + n - 1) | 1023) + 1;
	if (map == MAP_FAILED || (map_end - map_pfn) * size > MAP_SIZE)
		host_fail("no room for so many struct pages");
	host_map_0 = (char *)((uintptr_t)map - (uintptr_t)map_pfn * size);
	memset(map_open, 0, sizeof(map_open));
	__asan_poison_memory_region(map, MAP_SIZE);
}

void host_map_open(unsigned long pfn, unsigned long end)
{
	for (pfn &= ~1023ul; pfn < end; pfn += 1024) {
		map_open[(pfn - map_pfn) >> 10] = 1;
		__asan_unpoison_memory_region(map + (pfn - map_pfn) *
					      page_size, 1024 * page_size);
	}
}

int host_map_has(unsigned long pfn)
{
	return pfn >= map_pfn && pfn < map_end &&
	       map_open[(pfn - map_pfn) >> 10];
}

#define ALL_PAGES	(1ul << 30)		/* 2^24 of 64 bytes */
static char *pages;
static struct { char *start, *end; } opened[64];
static unsigned int nr_opened;

void host_pages_close(void)
{
	if (sizeof(long) == 4)
		return;
	if (!pages)
		pages = mmap(NULL, ALL_PAGES, PROT_NONE, MAP_PRIVATE |
			     MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (pages == MAP_FAILED)
		host_fail("no room for struct pages");
	while (nr_opened) {
		char *start = opened[--nr_opened].start;
		size_t size = opened[nr_opened].end - start;

		madvise(start, size, MADV_DONTNEED);
		mprotect(start, size, PROT_NONE);
	}
	host_map_0 = pages;
}

void host_pages_open(unsigned long start, unsigned long end)
{
	char *p = (char *)start;

	if (p < pages || end - (unsigned long)pages > ALL_PAGES ||
	    nr_opened == sizeof(opened) / sizeof(*opened))
		host_fail("struct pages at %#lx", start);
	opened[nr_opened].start = p;
	opened[nr_opened++].end = (char *)end;
	mprotect(p, end - start, PROT_READ | PROT_WRITE);
	memset(p, 0xee, end - start);
}

static struct { const char *name; int (*fn)(char *value); } params[64];
static int nr_params;

void host_param(const char *name, int (*fn)(char *value))
{
	params[nr_params].name = name;
	params[nr_params++].fn = fn;
}

int host_set_param(const char *name, char *value)
{
	for (int i = 0; i < nr_params; i++)
		if (!strcmp(params[i].name, name))
			return params[i].fn(value);
	host_fail("no parameter %s", name);
}

#ifdef FUZZ
void host_count(int what)
{
	(void)what;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct step s;

	choices = data;
	choices_end = data + size;
	host_reset();
	for (int i = 0; choices < choices_end; i++) {
		memset(&s, 0, sizeof(s));
		subject.make(&s, i == 0);
		if (getenv("SHOW"))
			subject.show(&s, i == 0);
		subject.run(&s, i == 0);
	}
	return 0;
}
#elif !defined(CASES)
/* In memory that a child which dies leaves behind. */
static struct {
	uint64_t steps;			/* done in all */
	int n;				/* done in this run */
	unsigned int count[2];
	struct step step[4096];
} *run;

void host_count(int what)
{
	run->count[what]++;
}

static int in_child(void (*fn)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		fn();
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return status;
}

static uint64_t wanted;

/* A run takes a small part of a second, unless it hangs. */
static void start_clock(void)
{
	static const struct itimerval limit = { .it_value = { .tv_sec = 10 } };

	setitimer(ITIMER_PROF, &limit, NULL);
}

static void random_runs(void)
{
	while (run->steps < wanted) {
		host_reset();
		start_clock();
		for (run->n = 0; run->n < (int)subject.steps; run->n++) {
			struct step *s = &run->step[run->n];

			memset(s, 0, sizeof(*s));
			subject.make(s, run->n == 0);
			subject.run(s, run->n == 0);
			run->steps++;
		}
	}
}

static void again(void)
{
	host_reset();
	start_clock();
	for (int i = 0; i < run->n; i++)
		subject.run(&run->step[i], i == 0);
}

static void again_quietly(void)
{
	if (!freopen("/dev/null", "w", stdout) ||
	    !freopen("/dev/null", "w", stderr))
		_exit(0);
	again();
}

/* Leave out as many steps as possible so that the rest still fails. */
static void shrink(void)
{
	static struct step all[4096];
	int n = run->n, length, from;

	memcpy(all, run->step, n * sizeof(*all));
	for (length = n / 2; length; length = length > 1 ? length / 2 : 0) {
		for (from = 1; from + length <= n;) {
			memcpy(run->step, all, from * sizeof(*all));
			memcpy(run->step + from, all + from + length,
			       (n - from - length) * sizeof(*all));
			run->n = n - length;
			if (in_child(again_quietly)) {
				n -= length;
				memcpy(all, run->step, n * sizeof(*all));
			} else {
				from += length;
			}
		}
	}
	memcpy(run->step, all, n * sizeof(*all));
	run->n = n;
}

/* usage: program [seed [steps]]; TAP with one test goes to stdout. */
int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;

	wanted = argc > 2 ? strtoull(argv[2], NULL, 0) : 1000000;
	state = seed;
	run = mmap(NULL, sizeof(*run), PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!in_child(random_runs)) {
		printf("ok %s: %llu steps, SEED=%llu", subject.name,
		       (host_u64)run->steps, (host_u64)seed);
		if (run->count[0])
			printf(", lists grown %u and %u times",
			       run->count[0], run->count[1]);
		printf("\n");
		return 0;
	}
	run->n++;			/* the one that failed counts */
	printf("not ok %s: step %llu, SEED=%llu\n", subject.name,
	       (host_u64)run->steps + 1, (host_u64)seed);
	if (getenv("SHRINK") && !strcmp(getenv("SHRINK"), "no"))
		return 1;
	if (!in_child(again_quietly)) {
		printf("# It does not fail when it is repeated alone.\n");
		return 1;
	}
	shrink();
	printf("# These %d steps are enough:\n", run->n);
	for (int i = 0; i < run->n; i++)
		subject.show(&run->step[i], i == 0);
	in_child(again);
	return 1;
}
#endif
