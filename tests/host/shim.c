/* What the kernel's code calls and the host must answer. */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/record.h>
#include <linux/string.h>
#include "host.h"

int console_loglevel;

int vprintk(const char *fmt, va_list args)
{
	char text[512];
	int n = vscnprintf(text, sizeof(text), fmt, args);
	char *s = text;

	if (*s == KERN_SOH[0])
		s += 2;
	host_log_put(s, text + n - s);
	return n;
}

int printk(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vprintk(fmt, args);
	va_end(args);
	return n;
}

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(host_reason, sizeof(host_reason), fmt, args);
	va_end(args);
	host_panic();
}

void warn_slowpath_fmt(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	printk("WARNING: %s:%d\n", file, line);
	if (fmt) {
		va_start(args, fmt);
		vprintk(fmt, args);
		va_end(args);
	}
}

void dump_stack(void)
{
	printk("Call Trace:\n");
}

void record_printf(const char *fmt, ...)
{
	(void)fmt;
}

int __sprint_symbol(char *buf, unsigned long addr, int back)
{
	(void)addr, (void)back;
	strscpy(buf, "function+0x0/0x0", 128);
	return 16;
}

