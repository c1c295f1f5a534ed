/*
 * Loaded into PostgreSQL before libc: a flush of the WAL fails with EIO, once for each file of the name in
 * FAIL_FDATASYNC that is there. The bytes are written by then, as they are on a disk that fails to say so.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_of_wal(int fd)
{
	char link[64], target[PATH_MAX];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, target, sizeof(target) - 1);
	if (length < 0)
		return 0;
	target[length] = '\0';
	return strstr(target, "/pg_wal/") != NULL;
}

/* A session that commits, and none of the server's own processes: those flush whenever they like. */
static int is_session(void)
{
	static const char *const others[] = {"writer", "checkpointer", "startup", "autovacuum", "launcher"};
	char title[256];
	ssize_t length;
	int fd = open("/proc/self/cmdline", O_RDONLY);

	if (fd < 0)
		return 0;
	length = read(fd, title, sizeof(title) - 1);
	close(fd);
	if (length <= 0)
		return 0;
	title[length] = '\0';
	if (strncmp(title, "postgres: ", 10) != 0)
		return 0;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strstr(title, others[i]) != NULL)
			return 0;
	return 1;
}

int fdatasync(int fd)
{
	static int (*real)(int);
	const char *trigger = getenv("FAIL_FDATASYNC");

	if (real == NULL)
		real = (int (*)(int)) dlsym(RTLD_NEXT, "fdatasync");
	/* Whoever takes the file away fails: of several processes, one. */
	if (trigger != NULL && is_of_wal(fd) && is_session() && unlink(trigger) == 0) {
		errno = EIO;
		return -1;
	}
	return real(fd);
}
