/* More nodes than our kernel knows, so that what is said of them is tried. */
#include_next <linux/numa.h>

#ifndef HOST_LINUX_NUMA_H
#define HOST_LINUX_NUMA_H

#ifdef CONFIG_NUMA
#undef MAX_NUMNODES
#define MAX_NUMNODES	16
#endif

#endif
