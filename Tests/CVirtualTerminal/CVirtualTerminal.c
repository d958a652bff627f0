#define _GNU_SOURCE
#include "CVirtualTerminal.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>

#define RECORD_LIMIT (1 << 20)

struct virtual_terminal {
  int master, slave;
  pid_t child;
  int status, reaped;
  int alternate, cursor;
  int rows, columns;
  uint64_t bytes;
  char *record;
  size_t recorded;
  VTerm *model;
  VTermScreen *screen;
};

static int on_property(VTermProp property, VTermValue *value, void *user) {
  virtual_terminal *terminal = user;
  if (property == VTERM_PROP_ALTSCREEN) terminal->alternate = value->boolean;
  if (property == VTERM_PROP_CURSORVISIBLE) terminal->cursor = value->boolean;
  return 1;
}

static VTermScreenCallbacks callbacks = {.settermprop = on_property};

virtual_terminal *virtual_terminal_start(char *const arguments[], char *const environment[],
                                         int rows, int columns) {
  virtual_terminal *terminal = calloc(1, sizeof *terminal);
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  if (!terminal || openpty(&terminal->master, &terminal->slave, NULL, NULL, &size) != 0) {
    free(terminal);
    return NULL;
  }
  terminal->rows = rows;
  terminal->columns = columns;
  terminal->cursor = 1;
  terminal->status = -1;
  terminal->record = malloc(RECORD_LIMIT);
  fcntl(terminal->master, F_SETFD, FD_CLOEXEC);
  fcntl(terminal->slave, F_SETFD, FD_CLOEXEC);
  terminal->child = fork();
  if (terminal->child == 0) {
    setsid();
    ioctl(terminal->slave, TIOCSCTTY, 0);
    for (int fd = 0; fd < 3; fd++) dup2(terminal->slave, fd);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(arguments[0], arguments, environment);
    _exit(127);
  }
  fcntl(terminal->master, F_SETFL, O_NONBLOCK);
  terminal->model = vterm_new(rows, columns);
  vterm_set_utf8(terminal->model, 1);
  terminal->screen = vterm_obtain_screen(terminal->model);
  vterm_screen_set_callbacks(terminal->screen, &callbacks, terminal);
  vterm_screen_enable_altscreen(terminal->screen, 1);
  vterm_screen_reset(terminal->screen, 1);
  return terminal;
}

long virtual_terminal_pump(virtual_terminal *terminal, int milliseconds) {
  if (terminal->master < 0) return -1;
  struct pollfd waiting = {.fd = terminal->master, .events = POLLIN};
  if (poll(&waiting, 1, milliseconds) <= 0) return 0;
  char buffer[65536];
  long count = read(terminal->master, buffer, sizeof buffer);
  if (count < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
  if (count == 0) return -1;
  terminal->bytes += count;
  size_t room = RECORD_LIMIT - terminal->recorded;
  size_t kept = (size_t)count < room ? (size_t)count : room;
  memcpy(terminal->record + terminal->recorded, buffer, kept);
  terminal->recorded += kept;
  vterm_input_write(terminal->model, buffer, count);
  return count;
}

long virtual_terminal_type(virtual_terminal *terminal, const char *bytes, size_t count) {
  return write(terminal->master, bytes, count);
}

void virtual_terminal_resize(virtual_terminal *terminal, int rows, int columns) {
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  terminal->rows = rows;
  terminal->columns = columns;
  vterm_set_size(terminal->model, rows, columns);
  ioctl(terminal->master, TIOCSWINSZ, &size);
}

static size_t encode(uint32_t scalar, char *out) {
  if (scalar < 0x80) return out[0] = (char)scalar, 1;
  if (scalar < 0x800) {
    out[0] = (char)(0xC0 | scalar >> 6);
    out[1] = (char)(0x80 | (scalar & 0x3F));
    return 2;
  }
  if (scalar < 0x10000) {
    out[0] = (char)(0xE0 | scalar >> 12);
    out[1] = (char)(0x80 | (scalar >> 6 & 0x3F));
    out[2] = (char)(0x80 | (scalar & 0x3F));
    return 3;
  }
  out[0] = (char)(0xF0 | scalar >> 18);
  out[1] = (char)(0x80 | (scalar >> 12 & 0x3F));
  out[2] = (char)(0x80 | (scalar >> 6 & 0x3F));
  out[3] = (char)(0x80 | (scalar & 0x3F));
  return 4;
}

size_t virtual_terminal_row(virtual_terminal *terminal, int row, char *buffer, size_t capacity) {
  size_t used = 0;
  for (int column = 0; column < terminal->columns; column++) {
    VTermScreenCell cell;
    VTermPos position = {.row = row, .col = column};
    if (!vterm_screen_get_cell(terminal->screen, position, &cell)) continue;
    if (cell.chars[0] == (uint32_t)-1) continue;
    if (used + 4 * VTERM_MAX_CHARS_PER_CELL >= capacity) break;
    if (cell.chars[0] == 0) buffer[used++] = ' ';
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
      used += encode(cell.chars[i], buffer + used);
  }
  return used;
}

int virtual_terminal_alternate(const virtual_terminal *terminal) { return terminal->alternate; }
int virtual_terminal_cursor(const virtual_terminal *terminal) { return terminal->cursor; }

int virtual_terminal_sane(const virtual_terminal *terminal) {
  struct termios settings;
  if (tcgetattr(terminal->slave, &settings) != 0) return 0;
  return (settings.c_lflag & ICANON) && (settings.c_lflag & ECHO) && (settings.c_iflag & ICRNL);
}

uint64_t virtual_terminal_bytes(const virtual_terminal *terminal) { return terminal->bytes; }
pid_t virtual_terminal_process(const virtual_terminal *terminal) { return terminal->child; }

int virtual_terminal_status(virtual_terminal *terminal) {
  if (!terminal->reaped && waitpid(terminal->child, &terminal->status, WNOHANG) == terminal->child)
    terminal->reaped = 1;
  return terminal->reaped ? terminal->status : -1;
}

void virtual_terminal_hang_up(virtual_terminal *terminal) {
  close(terminal->slave);
  close(terminal->master);
  terminal->slave = terminal->master = -1;
}

const char *virtual_terminal_record(const virtual_terminal *terminal, size_t *count) {
  *count = terminal->recorded;
  return terminal->record;
}

void virtual_terminal_free(virtual_terminal *terminal) {
  if (virtual_terminal_status(terminal) == -1) {
    kill(terminal->child, SIGKILL);
    for (int i = 0; i < 500 && virtual_terminal_status(terminal) == -1; i++) usleep(10000);
  }
  if (terminal->master >= 0) close(terminal->master);
  if (terminal->slave >= 0) close(terminal->slave);
  vterm_free(terminal->model);
  free(terminal->record);
  free(terminal);
}
