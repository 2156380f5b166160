/* Physical memory is an array of the test's: see host.h. */
#include_next <asm/page.h>

#ifndef HOST_ASM_PAGE_H
#define HOST_ASM_PAGE_H

void *host_va(unsigned long long phys);
unsigned long long host_pa(const volatile void *va);

extern unsigned long host_page_offset;

#undef PAGE_OFFSET
#define PAGE_OFFSET	host_page_offset
#undef __va
#define __va(x)		host_va(x)
#define __pa(x)		((phys_addr_t)host_pa((const volatile void *)(x)))

#endif
