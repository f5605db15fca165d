/* Loaded in front of a program (LD_PRELOAD) it makes syncing a lie: files whose path has the text LYING_SYNC in it are not
   synced, and the program believes that they were. To show that the power-cut test notices. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_left_out(int descriptor) {
    const char* which = getenv("LYING_SYNC");
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t size = readlink(link, path, sizeof path - 1);
    if (which == NULL || size < 0) return 0;
    path[size] = 0;
    return strstr(path, which) != NULL;
}

int fsync(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return is_left_out(descriptor) ? 0 : real(descriptor);
}

int fdatasync(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return is_left_out(descriptor) ? 0 : real(descriptor);
}
