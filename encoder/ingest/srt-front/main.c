/*
 * srt-front: one SRT caller's media from the network to its parent. encoder/ingest/srt.ts starts it.
 *
 * Standard input: the configuration (config.h), then nothing; its end means that the parent has gone, and ends
 * the program. Standard output: frames (frame.h). A process of its own, so that a caller that reconnects does
 * not restart the encoder, and libsrt cannot take the encoder with it.
 */
#include "config.h"
#include "frame.h"
#include "modes.h"
#include "session.h"
#include "text.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define PENDING_MS 10
/*
 * libsrt gives each packet at its own time, 5,700 a second at 60 Mbit/s. To sleep between two readings makes it
 * a twelfth of the frames, and a third of the processor's time here and in the parent, for 1 ms more on average.
 */
#define GATHER_US 2000
#define LOG_CRITICAL 2
#define EXIT_CONFIGURATION 78

/* Blocked before libsrt starts its threads, which inherit that. */
static int watch_signals(void) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &ends, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* True when the parent has closed our input or a signal has come. */
static bool told_to_end(int signals) {
    char byte;
    struct signalfd_siginfo signal;
    return read(STDIN_FILENO, &byte, 1) == 0 || read(signals, &signal, sizeof signal) > 0;
}

static void run(const struct config *config, int epoll, int signals) {
    while (!frame_lost() && !told_to_end(signals)) {
        int64_t now_ms = text_now_ms();
        int wait_ms = config->caller ? call_turn(epoll, now_ms) : listen_turn(epoll, now_ms);
        frame_flush();
        if (frame_pending() && wait_ms > PENDING_MS) wait_ms = PENDING_MS;
        SRTSOCKET ready[4];
        SYSSOCKET system[4];
        int count = 4, systems = 4;
        if (session_state() == SESSION_LIVE) usleep(GATHER_US);
        srt_epoll_wait(epoll, ready, &count, NULL, NULL, wait_ms, system, &systems, NULL, NULL);
    }
}

int main(int count, char **arguments) {
    static struct config config;
    if (count > 1 && strcmp(arguments[1], "--version") == 0) {
        uint32_t version = srt_getversion();
        printf("srt-front on libsrt %u.%u.%u\n", version >> 16 & 0xff, version >> 8 & 0xff, version & 0xff);
        return 0;
    }
    int signals = watch_signals(), readable = SRT_EPOLL_IN;
    /* No core dump and no debugger of the same user: the memory holds passphrases. */
    prctl(PR_SET_DUMPABLE, 0);
    frame_open(STDOUT_FILENO);
    const char *wrong = config_read(STDIN_FILENO, &config);
    if (wrong != NULL) {
        frame_event(FRAME_MUST_ARRIVE, "{\"event\":\"failed\",\"code\":\"configuration\",\"text\":\"%s\"}", wrong);
        return EXIT_CONFIGURATION;
    }
    fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
    srt_setloglevel(LOG_CRITICAL);
    srt_startup();
    int epoll = srt_epoll_create();
    srt_epoll_add_ssock(epoll, STDIN_FILENO, &readable);
    srt_epoll_add_ssock(epoll, signals, &readable);
    int started = config.caller ? call_start(&config, epoll) : listen_start(&config, epoll);
    if (started == 0) run(&config, epoll, signals);
    session_close(text_now_ms()); /* tells the caller, which otherwise waits for its own timeout */
    listen_stop();
    frame_flush();
    explicit_bzero(&config, sizeof config);
    /* The rest is the kernel's: srt_cleanup would wait a second for its threads. */
    _exit(started == 0 ? 0 : 1);
}
