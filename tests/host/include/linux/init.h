/*
 * On the host nothing is in a section of its own: the sanitisers guard
 * only what is in the usual ones. And a parameter registers itself.
 */
#include_next <linux/init.h>

#ifndef HOST_LINUX_INIT_H
#define HOST_LINUX_INIT_H

#undef __init
#undef __initdata
#undef __initconst
#undef __meminit
#undef __meminitdata
#define __init
#define __initdata
#define __initconst
#define __meminit
#define __meminitdata

void host_param(const char *name, int (*fn)(char *value));

#undef __setup_param
#define __setup_param(name, fn, is_early)				\
	__attribute__((__constructor__))				\
	static void host_param_##fn(void) { host_param(name, fn); }	\
	_Static_assert(is_early >= 0, name)

#endif
