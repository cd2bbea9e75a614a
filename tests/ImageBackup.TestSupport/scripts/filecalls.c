/* Runs a program and counts the system calls of all its threads that change files below a directory. The n-th call ends the process or fails.
 *
 *     filecalls CONTROL LOG DIRECTORY PROGRAM [ARGUMENT...]
 *
 * CONTROL has one line: ROUND ACTION SET NUMBER. A new round counts from 1 again.
 *   ACTION  kill: SIGKILL before the call of this number. full: this call fails with ENOSPC. count: nothing.
 *   SET     names: rename, link, unlink, fsync, fdatasync. data: write, pwrite, copy_file_range, fallocate.
 * LOG gets a line for each counted call: ROUND NUMBER CALL PATH.
 *
 * x86-64 only. strace counts for each thread, so its "when" does not name a call of a program with many threads.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum subject { DESCRIPTOR_1, DESCRIPTOR_3, PATH_1, PATH_2 };

static const struct call { long number; const char *name; int is_data; enum subject subject; } calls[] = {
    { SYS_rename, "rename", 0, PATH_1 },
    { SYS_renameat, "rename", 0, PATH_2 },
    { SYS_renameat2, "rename", 0, PATH_2 },
    { SYS_link, "link", 0, PATH_1 },
    { SYS_linkat, "link", 0, PATH_2 },
    { SYS_unlink, "unlink", 0, PATH_1 },
    { SYS_unlinkat, "unlink", 0, PATH_2 },
    { SYS_fsync, "fsync", 0, DESCRIPTOR_1 },
    { SYS_fdatasync, "fdatasync", 0, DESCRIPTOR_1 },
    { SYS_write, "write", 1, DESCRIPTOR_1 },
    { SYS_writev, "writev", 1, DESCRIPTOR_1 },
    { SYS_pwrite64, "pwrite", 1, DESCRIPTOR_1 },
    { SYS_pwritev, "pwritev", 1, DESCRIPTOR_1 },
    { SYS_copy_file_range, "copy_file_range", 1, DESCRIPTOR_3 },
    { SYS_fallocate, "fallocate", 1, DESCRIPTOR_1 },
};

#define CALLS (sizeof calls / sizeof *calls)

static void fail(const char *what)
{
    perror(what);
    exit(125);
}

/* Stops the program at the calls of the table, and at no others. */
static void filter_calls(void)
{
    struct sock_filter code[2 * CALLS + 5];
    int length = 0;
    code[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    code[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
    code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < CALLS; i++) {
        code[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i].number, 0, 1);
        code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    }

    code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = { (unsigned short)length, code };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        fail("seccomp");
}

static const struct call *find(long number)
{
    for (size_t i = 0; i < CALLS; i++)
        if (calls[i].number == number)
            return &calls[i];
    return NULL;
}

static void read_descriptor(pid_t thread, long descriptor, char *path, size_t size)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/%d/fd/%ld", thread, descriptor);
    ssize_t length = readlink(link, path, size - 1);
    path[length < 0 ? 0 : length] = 0;
}

static void read_text(pid_t thread, unsigned long address, char *text, size_t size)
{
    size_t done = 0;
    while (done < size - 1) {
        size_t count = 4096 - (address + done) % 4096; /* The next page may not exist. */
        if (count > size - 1 - done)
            count = size - 1 - done;
        struct iovec local = { text + done, count }, remote = { (void *)(address + done), count };
        ssize_t read = process_vm_readv(thread, &local, 1, &remote, 1, 0);
        if (read <= 0)
            break;
        done += (size_t)read;
        if (memchr(text, 0, done))
            return;
    }

    text[done] = 0;
}

static void subject_of(pid_t thread, const struct call *call, const struct user_regs_struct *registers, char *path, size_t size)
{
    switch (call->subject) {
    case DESCRIPTOR_1: read_descriptor(thread, (long)registers->rdi, path, size); break;
    case DESCRIPTOR_3: read_descriptor(thread, (long)registers->rdx, path, size); break;
    case PATH_1: read_text(thread, registers->rdi, path, size); break;
    case PATH_2: read_text(thread, registers->rsi, path, size); break;
    }
}

int main(int count, char **arguments)
{
    if (count < 5) {
        fprintf(stderr, "usage: filecalls CONTROL LOG DIRECTORY PROGRAM [ARGUMENT...]\n");
        return 125;
    }

    const char *control = arguments[1], *directory = arguments[3];
    FILE *log = fopen(arguments[2], "a");
    if (!log)
        fail(arguments[2]);
    setvbuf(log, NULL, _IOLBF, 0);
    pid_t leader = fork();
    if (leader == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        filter_calls();
        execvp(arguments[4], arguments + 4);
        fail(arguments[4]);
    }

    int status, round = 0, number = 0;
    waitpid(leader, &status, 0);
    if (ptrace(PTRACE_SETOPTIONS, leader, 0, PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_EXITKILL))
        fail("ptrace");
    ptrace(PTRACE_CONT, leader, 0, 0);
    for (pid_t thread; (thread = waitpid(-1, &status, __WALL)) > 0;) {
        if (!WIFSTOPPED(status)) {
            if (thread == leader)
                return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            continue;
        }

        int signal = WSTOPSIG(status);
        if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8)) {
            struct user_regs_struct registers;
            char path[4096], action[8] = "count", set[8] = "";
            int now = 0, wanted = 0;
            FILE *file = fopen(control, "r");
            if (file) {
                if (fscanf(file, "%d %7s %7s %d", &now, action, set, &wanted) != 4)
                    now = 0;
                fclose(file);
            }

            if (now != round) {
                round = now;
                number = 0;
            }

            if (round && !ptrace(PTRACE_GETREGS, thread, 0, &registers)) {
                const struct call *call = find((long)registers.orig_rax);
                path[0] = 0;
                if (call && call->is_data == !strcmp(set, "data"))
                    subject_of(thread, call, &registers, path, sizeof path);
                if (!strncmp(path, directory, strlen(directory))) {
                    fprintf(log, "%d %d %s %s\n", round, ++number, call->name, path);
                    if (number == wanted && !strcmp(action, "kill")) {
                        kill(leader, SIGKILL);
                    } else if (number == wanted && !strcmp(action, "full")) {
                        registers.orig_rax = (unsigned long)-1;
                        registers.rax = (unsigned long)-ENOSPC;
                        ptrace(PTRACE_SETREGS, thread, 0, &registers);
                    }
                }
            }
        }

        /* Stops that ptrace made are not the program's. */
        int is_own = signal == SIGSTOP || signal == SIGTRAP;
        ptrace(PTRACE_CONT, thread, 0, is_own ? 0 : signal);
    }

    return 125;
}
