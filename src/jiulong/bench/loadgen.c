/* Load generator of `jiulong bench`: many data loggers on loopback, in one thread.
 *
 * A test tool in C, because it runs on the machine that it measures.  Each connection is one
 * logger with at most `in-flight` unacknowledged frames; a frame counts when its 9014 is in.
 *   full speed   the next frame goes out as soon as a slot is free
 *   --rate R     open loop: frame n is due at start + n/R, and its latency is counted from then,
 *                however late it could be sent (no coordinated omission)
 *   --shuffle    a back-fill: `count` frames of each logger in seeded order, some sent twice
 *                (--repeat), some only with a wrong checksum (--bad), which nobody will ack
 * What is not acked in --resend ms, or was in flight when the line broke, is sent again, same bytes.
 * Bounded in time and number; speaks to loopback only.  Report: one JSON object on stdout. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "frames.h"
#include "ledger.h"

enum { LOGGERS_MAX = 2000, IN_FLIGHT_MAX = 64, SECONDS_MAX = 900, FRAMES_MAX = 1 << 20 };
enum { RECONNECT_US = 100000, SWEEP_US = 20000, INPUT = 16384, ACK_MIN = 30 };

struct option_set {
    int port, loggers, in_flight, seconds, rate, minute, count, first, seed, repeat, bad, shuffle;
    int resend_ms, drain, step, print;
    int64_t base;
    const char *prefix, *password, *ledger;
} opt = {.loggers = 1, .in_flight = 8, .seconds = 1, .step = 1, .count = FRAMES_MAX,
         .resend_ms = 10000, .drain = 30, .password = "123456", .prefix = "BE4C00"};

struct flight { uint32_t sequence; int64_t due_us, sent_us; char qn[QN_LENGTH]; };
struct item { uint32_t sequence; uint8_t bad, repeat; uint32_t key; };

enum line { CLOSED, CONNECTING, OPEN };
struct logger {
    enum line line;
    int fd, polled_out, flights, out_length, in_length;
    uint32_t next, released, items;
    int64_t retry_us;
    struct item *plan;
    struct flight flight[IN_FLIGHT_MAX];
    char *out, in[INPUT], mn[MN_LENGTH + 1];
};

static struct logger *loggers;
static struct template frame;
static struct ledger acked;
static struct histogram latency;
static int epoll, stopping;
static volatile sig_atomic_t interrupted;
static int64_t start_us, last_ack_us;
static uint64_t sent, resent, bad_sent, repeats_sent, strays, reconnects, released_total;
static int out_room;

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void on_signal(int number) { (void)number; interrupted = 1; }

static void watch(struct logger *l, int out) {
    struct epoll_event e = {.events = EPOLLIN | (out ? EPOLLOUT : 0), .data.ptr = l};
    if (l->polled_out != out) epoll_ctl(epoll, EPOLL_CTL_MOD, l->fd, &e);
    l->polled_out = out;
}

static void line_lost(struct logger *l, int64_t now) {
    if (l->fd >= 0) close(l->fd);
    if (l->line == OPEN) reconnects++;
    l->fd = -1;
    l->line = CLOSED;
    l->out_length = l->in_length = 0;
    l->retry_us = now + RECONNECT_US;
}

static void line_start(struct logger *l, int64_t now) {
    int index = (int)(l - loggers), one = 1;
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons((uint16_t)opt.port)}, own = peer;
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    /* Each logger has an address of its own, as in life; all of 127/8 is this machine. */
    own.sin_port = 0;
    own.sin_addr.s_addr = htonl(0x7F010000u + (uint32_t)(index / 250) * 256 + (uint32_t)(index % 250) + 1);
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (l->fd < 0) die("no socket: raise the limit of open files");
    setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(l->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    (void)!bind(l->fd, (struct sockaddr *)&own, sizeof own); /* elsewhere than Linux: one address */
    if (connect(l->fd, (struct sockaddr *)&peer, sizeof peer) && errno != EINPROGRESS) {
        line_lost(l, now);
        return;
    }
    l->line = CONNECTING;
    l->polled_out = 1;
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = l};
    epoll_ctl(epoll, EPOLL_CTL_ADD, l->fd, &e);
}

static void flush_out(struct logger *l, int64_t now) {
    ssize_t done = l->out_length ? write(l->fd, l->out, (size_t)l->out_length) : 0;
    if (done < 0 && errno != EAGAIN && errno != EINTR) {
        line_lost(l, now);
        return;
    }
    if (done > 0) {
        l->out_length -= (int)done;
        memmove(l->out, l->out + done, (size_t)l->out_length);
    }
    watch(l, l->out_length > 0);
}

static void emit(struct logger *l, uint32_t sequence, int bad, char *qn) {
    char *to = l->out + l->out_length;
    l->out_length += frame_write(to, &frame, l->mn, (uint32_t)(l - loggers), sequence,
                                 opt.base + (int64_t)sequence * opt.step, bad);
    if (qn) memcpy(qn, to + frame.qn, QN_LENGTH);
}

/* When the frame that goes out next was due; in full speed and back-fill, when it can go. */
static int64_t due_of(const struct logger *l, int64_t now) {
    if (!opt.rate) return now;
    return start_us + (int64_t)(((double)l->next * opt.loggers + (double)(l - loggers)) * 1e6 / opt.rate);
}

static void fill(struct logger *l, int64_t now) {
    if (l->line != OPEN || l->out_length) return;
    while (!stopping && l->flights < opt.in_flight && l->next < l->released
           && l->out_length + FRAME_MAX <= out_room) {
        struct item *item = l->plan ? &l->plan[l->next] : NULL;
        uint32_t sequence = item ? item->sequence : (uint32_t)opt.first + l->next;
        struct flight *f = &l->flight[l->flights];
        *f = (struct flight){.sequence = sequence, .due_us = due_of(l, now), .sent_us = now};
        emit(l, sequence, item && item->bad, f->qn);
        if (item && item->bad) bad_sent++;
        else l->flights++;
        if (item && item->repeat) repeats_sent++;
        l->next++;
        sent++;
    }
    flush_out(l, now);
}

static void resend(struct logger *l, int64_t now) {
    for (int i = 0; i < l->flights; i++) {
        emit(l, l->flight[i].sequence, 0, NULL);
        l->flight[i].sent_us = now;
        resent++;
    }
    flush_out(l, now);
}

static void take_ack(struct logger *l, const char *qn, int64_t now) {
    for (int i = 0; i < l->flights; i++) {
        struct flight *f = &l->flight[i];
        if (memcmp(f->qn, qn, QN_LENGTH)) continue;
        histogram_add(&latency, now - f->due_us);
        ledger_add(&acked, (struct entry){(uint32_t)(l - loggers), f->sequence, f->sent_us, now});
        last_ack_us = now;
        memmove(f, f + 1, sizeof *f * (size_t)(--l->flights - i));
        return;
    }
    strays++; /* the answer to a frame that was sent again and acked before */
}

/* Whole frames of the host at the start of the input: length tells where each ends. */
static void read_acks(struct logger *l, int64_t now) {
    int at = 0;
    while (l->in_length - at >= ACK_MIN) {
        char *head = l->in + at, number[5] = {0};
        if (memcmp(head, "##", 2)) die("the gateway sent something that is no frame");
        memcpy(number, head + 2, 4);
        int length = atoi(number) + 12;
        if (length > INPUT) die("the gateway sent too long a frame");
        if (l->in_length - at < length) break;
        if (!memcmp(head + 6, "QN=", 3) && memmem(head, (size_t)length, ";CN=9014;", 9))
            take_ack(l, head + 9, now);
        at += length;
    }
    l->in_length -= at;
    memmove(l->in, l->in + at, (size_t)l->in_length);
}

static void on_input(struct logger *l, int64_t now) {
    ssize_t got = read(l->fd, l->in + l->in_length, (size_t)(INPUT - l->in_length));
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
        line_lost(l, now);
        return;
    }
    l->in_length += (int)got;
    read_acks(l, now);
    fill(l, now);
}

static void on_event(struct logger *l, uint32_t events, int64_t now) {
    if (l->line == CONNECTING && events & EPOLLOUT && !(events & (EPOLLERR | EPOLLHUP))) {
        l->line = OPEN;
        watch(l, 0);
        if (l->flights) resend(l, now);
        else if (start_us) fill(l, now);
        return;
    }
    if (events & EPOLLIN) on_input(l, now);
    else if (events & (EPOLLERR | EPOLLHUP)) line_lost(l, now);
    if (l->line == OPEN && events & EPOLLOUT) {
        flush_out(l, now);
        if (start_us) fill(l, now);
    }
}

/* Lines to open again, and frames nobody answered. */
static void sweep(int64_t now) {
    for (int i = 0; i < opt.loggers; i++) {
        struct logger *l = &loggers[i];
        if (l->line == CLOSED && now >= l->retry_us) line_start(l, now);
        if (l->line == OPEN && l->flights && !l->out_length
            && now - l->flight[0].sent_us > (int64_t)opt.resend_ms * 1000)
            resend(l, now);
    }
}

static void release_due(int64_t now) {
    uint64_t due = (uint64_t)((double)(now - start_us) * opt.rate / 1e6);
    /* After a stall the rest follows in the next rounds, so that acks are read in between. */
    uint64_t most = released_total + 4 * (uint64_t)opt.loggers;
    if (due > most) due = most;
    for (; released_total < due; released_total++) {
        struct logger *l = &loggers[released_total % (uint64_t)opt.loggers];
        if (l->released < (uint32_t)opt.count) l->released++;
        fill(l, now);
    }
}

static int by_key(const void *a, const void *b) {
    const struct item *left = a, *right = b;
    return left->key < right->key ? -1 : left->key > right->key;
}

/* A back-fill in seeded order; a frame that is sent again comes again later. */
static void plan_make(struct logger *l, uint32_t index) {
    uint32_t seed = (uint32_t)opt.seed * 7919 + index, count = (uint32_t)opt.count;
    l->plan = calloc((size_t)count * 2, sizeof *l->plan);
    if (!l->plan) die("out of memory");
    for (uint32_t i = 0; i < count; i++) {
        struct item item = {.sequence = (uint32_t)opt.first + i, .key = mix(seed, i, 1) >> 1};
        item.bad = mix(seed, i, 2) % 1000 < (uint32_t)opt.bad;
        l->plan[l->items++] = item;
        if (item.bad || mix(seed, i, 3) % 1000 >= (uint32_t)opt.repeat) continue;
        item.repeat = 1;
        item.key += 1 + mix(seed, i, 4) % (0x7FFFFFFFu - item.key + 1);
        l->plan[l->items++] = item;
    }
    qsort(l->plan, l->items, sizeof *l->plan, by_key);
}

static void prepare(void) {
    crc_prepare();
    template_prepare(&frame, opt.minute, opt.password);
    loggers = calloc((size_t)opt.loggers, sizeof *loggers);
    out_room = (IN_FLIGHT_MAX + 1) * FRAME_MAX;
    for (int i = 0; loggers && i < opt.loggers; i++) {
        struct logger *l = &loggers[i];
        l->fd = -1;
        l->out = malloc((size_t)out_room + FRAME_MAX);
        if (!l->out) die("out of memory");
        put_digits(l->mn, MN_LENGTH, (uint32_t)i);
        memcpy(l->mn, opt.prefix, strlen(opt.prefix));
        if (opt.shuffle) plan_make(l, (uint32_t)i);
        l->released = opt.rate ? 0 : opt.shuffle ? l->items : (uint32_t)opt.count;
    }
    if (!loggers) die("out of memory");
}

static int all_open(void) {
    for (int i = 0; i < opt.loggers; i++) if (loggers[i].line != OPEN) return 0;
    return 1;
}

static uint64_t unacked(void) {
    uint64_t count = 0;
    for (int i = 0; i < opt.loggers; i++) count += (uint64_t)loggers[i].flights;
    return count;
}

static int exhausted(void) {
    for (int i = 0; i < opt.loggers; i++)
        if (loggers[i].next < (opt.shuffle ? loggers[i].items : (uint32_t)opt.count)) return 0;
    return 1;
}

static void begin(int64_t now) {
    start_us = now;
    for (int i = 0; i < opt.loggers && !opt.rate; i++) fill(&loggers[i], now);
}

/* Whether to go on: first all connect, then frames flow, then what is in flight comes home. */
static int go_on(int64_t now) {
    static int64_t stop_us, born_us;
    if (!born_us) born_us = now;
    if (!start_us) {
        if (all_open()) begin(now);
        else if (now - born_us > 30000000) die("the gateway did not take all connections in 30 s");
        return !interrupted;
    }
    if (!stopping && (interrupted || exhausted() || now - start_us >= (int64_t)opt.seconds * 1000000)) {
        stopping = 1;
        stop_us = now;
    }
    return !stopping || (unacked() && now - stop_us < (int64_t)opt.drain * 1000000);
}

static void run(void) {
    struct epoll_event events[512];
    int64_t swept = 0;
    epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int64_t now = now_us(); ; now = now_us()) {
        if (now - swept >= SWEEP_US) {
            sweep(now);
            swept = now;
            if (!go_on(now)) return;
        }
        if (opt.rate && start_us && !stopping) release_due(now);
        int count = epoll_wait(epoll, events, 512, opt.rate ? 1 : SWEEP_US / 1000);
        now = now_us();
        for (int i = 0; i < count; i++) on_event(events[i].data.ptr, events[i].events, now);
    }
}

static void report(void) {
    double seconds = (double)(last_ack_us > start_us ? last_ack_us - start_us : 0) / 1e6;
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    double cpu = (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec)
                 + (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
    printf("{\"sent\":%lu,\"acked\":%zu,\"unacked\":%lu,\"resent\":%lu,\"repeats\":%lu,\"bad\":%lu,"
           "\"strays\":%lu,\"reconnects\":%lu,\"seconds\":%.3f,\"start_us\":%ld,\"last_ack_us\":%ld,"
           "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"frame_bytes\":%d,\"cpu_s\":%.3f}\n",
           sent, acked.count, unacked(), resent, repeats_sent, bad_sent, strays, reconnects, seconds,
           (long)start_us, (long)last_ack_us, histogram_ms(&latency, 0.5), histogram_ms(&latency, 0.99),
           (double)latency.max_us / 1000.0, frame.length, cpu);
}

/* The frames of the first `count` items of every logger, for tests: no socket is opened. */
static void print_frames(void) {
    char wire[FRAME_MAX];
    for (int i = 0; i < opt.loggers; i++)
        for (uint32_t n = 0; n < (opt.shuffle ? loggers[i].items : (uint32_t)opt.count); n++) {
            struct item item = {.sequence = (uint32_t)opt.first + n};
            if (loggers[i].plan) item = loggers[i].plan[n];
            int length = frame_write(wire, &frame, loggers[i].mn, (uint32_t)i, item.sequence,
                                     opt.base + (int64_t)item.sequence * opt.step, item.bad);
            fwrite(wire, 1, (size_t)length, stdout);
        }
}

static void read_options(int argc, char **argv) {
    struct { const char *name; int *to, low, high; } numbers[] = {
        {"port", &opt.port, 1, 65535}, {"loggers", &opt.loggers, 1, LOGGERS_MAX},
        {"in-flight", &opt.in_flight, 1, IN_FLIGHT_MAX}, {"seconds", &opt.seconds, 1, SECONDS_MAX},
        {"rate", &opt.rate, 0, 1000000}, {"minute", &opt.minute, 0, 1}, {"count", &opt.count, 1, FRAMES_MAX},
        {"first", &opt.first, 0, FRAMES_MAX}, {"seed", &opt.seed, 0, 1 << 30},
        {"repeat", &opt.repeat, 0, 1000}, {"bad", &opt.bad, 0, 1000}, {"shuffle", &opt.shuffle, 0, 1},
        {"resend", &opt.resend_ms, 10, 100000}, {"drain", &opt.drain, 0, SECONDS_MAX},
        {"step", &opt.step, 1, DAY_S}, {"print", &opt.print, 0, 1}};
    enum { NUMBERS = sizeof numbers / sizeof *numbers };
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *name = argv[i] + (strncmp(argv[i], "--", 2) ? 0 : 2), *text = argv[i + 1];
        int n = 0;
        while (n < NUMBERS && strcmp(numbers[n].name, name)) n++;
        if (n < NUMBERS) {
            long value = strtol(text, NULL, 10);
            if (value < numbers[n].low || value > numbers[n].high) die("a number is out of bounds");
            *numbers[n].to = (int)value;
        } else if (!strcmp(name, "base")) opt.base = strtoll(text, NULL, 10);
        else if (!strcmp(name, "prefix") && strlen(text) < 20) opt.prefix = text;
        else if (!strcmp(name, "password") && strlen(text) <= 20) opt.password = text;
        else if (!strcmp(name, "ledger")) opt.ledger = text;
        else { fprintf(stderr, "--%s: ", name); die("unknown or bad option"); }
    }
    if (argc % 2 == 0 || (!opt.print && !opt.port)) die("options come as --name value; --port is needed");
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    prepare();
    if (opt.print) { print_frames(); return 0; }
    run();
    report();
    if (opt.ledger) ledger_write(&acked, opt.ledger);
    return 0;
}
