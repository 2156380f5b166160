/* The struct pages are an array of the test's: see host.h. */
#include_next <asm-generic/memory_model.h>

#ifndef HOST_ASM_GENERIC_MEMORY_MODEL_H
#define HOST_ASM_GENERIC_MEMORY_MODEL_H

#ifdef CONFIG_X86_64
extern void *host_map_0;

/* The header's own page_address() knows the kernel's array only. */
#undef vmemmap
#define vmemmap		((struct page *)host_map_0)
#define page_address(page)	__va(page_to_phys(page))
#endif

#endif
