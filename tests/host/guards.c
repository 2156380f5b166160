/* Do the sanitizers see a fault on this host? Two, and none. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	char *volatile block = calloc(1, 1);
	int n = argc - 1, result = 0;

	free(block);
	if (argc == 2 && !strcmp(argv[1], "freed"))
		result = *block;
	if (argc == 2 && !strcmp(argv[1], "sum"))
		result = INT_MAX + n;
	return result == INT_MIN;
}
