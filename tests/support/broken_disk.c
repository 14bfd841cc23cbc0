/* A disk that breaks when a test says so: loaded before the C library (LD_PRELOAD), it lets writing and syncing fail.
   BROKEN_DISK_SWITCH names a file that holds the error's number while the disk is broken, and is absent while it works.
   BROKEN_DISK_PART stands in the paths of the files that are meant. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int trouble(int file) {
    const char *name = getenv("BROKEN_DISK_SWITCH"), *part = getenv("BROKEN_DISK_PART");
    char link[64], path[4096], number[16];
    int before = errno, found = 0;
    if (!name || !part) return 0;
    long opened = syscall(SYS_openat, AT_FDCWD, name, O_RDONLY);
    if (opened >= 0) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        ssize_t length = readlink(link, path, sizeof path - 1);
        ssize_t digits = syscall(SYS_read, opened, number, sizeof number - 1);
        if (length > 0 && digits > 0) {
            path[length] = 0;
            number[digits] = 0;
            if (strstr(path, part)) found = atoi(number);
        }
        syscall(SYS_close, opened);
    }
    errno = before;
    return found;
}

#define BREAKS(result, name, file, declared, given)                     \
    result name declared {                                              \
        static result(*real) declared;                                  \
        int wrong = trouble(file);                                      \
        if (wrong) { errno = wrong; return -1; }                        \
        if (!real) real = (result(*) declared)dlsym(RTLD_NEXT, #name);  \
        return real given;                                              \
    }

struct iovec;
BREAKS(ssize_t, write, file, (int file, const void *data, size_t size), (file, data, size))
BREAKS(ssize_t, pwrite, file, (int file, const void *data, size_t size, off_t at), (file, data, size, at))
BREAKS(ssize_t, pwrite64, file, (int file, const void *data, size_t size, off64_t at), (file, data, size, at))
BREAKS(ssize_t, pwritev, file, (int file, const struct iovec *data, int size, off_t at), (file, data, size, at))
BREAKS(ssize_t, pwritev64, file, (int file, const struct iovec *data, int size, off64_t at), (file, data, size, at))
BREAKS(int, fsync, file, (int file), (file))
BREAKS(int, fdatasync, file, (int file), (file))
BREAKS(int, ftruncate, file, (int file, off_t size), (file, size))
BREAKS(int, ftruncate64, file, (int file, off64_t size), (file, size))
