#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "CNcurses.h"
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

// <term.h> defines macros with everyday names.
#undef lines
#undef columns

static SCREEN *screen;
static struct termios saved_settings;
static volatile sig_atomic_t settings_saved, screen_open;
static int signal_pipe[2] = {-1, -1};

enum { key_paste_start = 2000, key_paste_end = 2001 };

// Leave paste and mouse modes, synchronized output and the alternate screen; show the cursor.
static const char restore_text[] =
    "\033[?2026l\033[?2004l\033[?1004l\033[?1006l\033[?1002l\033[?1000l\033[0m\033[?1049l\033[?25h";

static void write_all(const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(STDOUT_FILENO, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= written;
  }
}

int vigie_terminal_check(const char *name) {
  int error = 0;
  if (setupterm((char *)name, STDOUT_FILENO, &error) != OK) return 1;
  char *move = tigetstr("cup");
  int usable = move != NULL && move != (char *)-1;
  TERMINAL *entry = cur_term;
  set_curterm(NULL);
  del_curterm(entry);
  return usable ? 0 : 2;
}

static void enable_modes(void) {
  static const char modes[] = "\033[?2004h";
  const char *name = getenv("TERM");
  if (name && (strncmp(name, "vt", 2) == 0 || strcmp(name, "linux") == 0)) return;
  write_all(modes, sizeof modes - 1);
}

int vigie_screen_open(const char *name) {
  setlocale(LC_CTYPE, "");
  if (tcgetattr(STDIN_FILENO, &saved_settings) == 0) settings_saved = 1;
  set_escdelay(25);
  screen = newterm(name, stdout, stdin);
  if (!screen) return 0;
  screen_open = 1;
  cbreak();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  meta(stdscr, TRUE);
  idlok(stdscr, FALSE);
  leaveok(stdscr, TRUE);
  curs_set(0);
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  // Some terminals send these whatever mode they were asked for.
  define_key("\033[A", KEY_UP);
  define_key("\033[B", KEY_DOWN);
  define_key("\033[C", KEY_RIGHT);
  define_key("\033[D", KEY_LEFT);
  define_key("\033[1;2D", KEY_SLEFT);
  define_key("\033[1;2C", KEY_SRIGHT);
  define_key("\033[200~", key_paste_start);
  define_key("\033[201~", key_paste_end);
  // Control keys are ours to mean something or nothing: no job-control letters, no flow control.
  struct termios settings;
  if (tcgetattr(STDIN_FILENO, &settings) == 0) {
    settings.c_iflag &= ~(IXON | IXOFF | ICRNL);
    settings.c_cc[VINTR] = _POSIX_VDISABLE;
    settings.c_cc[VQUIT] = _POSIX_VDISABLE;
    settings.c_cc[VSUSP] = _POSIX_VDISABLE;
    settings.c_cc[VLNEXT] = _POSIX_VDISABLE;
    tcsetattr(STDIN_FILENO, TCSANOW, &settings);
    def_prog_mode();
  }
  enable_modes();
  return 1;
}

void vigie_screen_close(void) {
  if (!screen_open) return;
  screen_open = 0;
  static const char modes[] = "\033[?2004l";
  write_all(modes, sizeof modes - 1);
  curs_set(1);
  endwin();
  if (settings_saved) tcsetattr(STDIN_FILENO, TCSANOW, &saved_settings);
}

int vigie_screen_colors(void) { return has_colors() && COLORS > 0 ? COLORS : 0; }

int vigie_screen_pair_limit(void) { return COLOR_PAIRS; }

int vigie_screen_pair(int number, int foreground, int background) {
  return init_extended_pair(number, foreground, background) == OK ? number : 0;
}

void vigie_screen_put(int y, int x, const vigie_cell *cells, int count) {
  cchar_t row[1024];
  if (count > 1024) count = 1024;
  for (int i = 0; i < count; i++) {
    wchar_t text[6] = {(wchar_t)cells[i].scalar, 0, 0, 0, 0, 0};
    for (int mark = 0; mark < 4 && cells[i].marks[mark]; mark++)
      text[mark + 1] = (wchar_t)cells[i].marks[mark];
    attr_t attributes = A_NORMAL;
    if (cells[i].attributes & 1) attributes |= A_BOLD;
    if (cells[i].attributes & 2) attributes |= A_DIM;
    if (cells[i].attributes & 4) attributes |= A_UNDERLINE;
    if (cells[i].attributes & 8) attributes |= A_REVERSE;
    int pair = cells[i].pair;
    setcchar(&row[i], text, attributes, (short)pair, &pair);
  }
  // The right half of a wide glyph is not given: ncurses makes it.
  mvadd_wchnstr(y, x, row, count);
}

void vigie_screen_cursor(int y, int x, int visible) {
  leaveok(stdscr, visible ? FALSE : TRUE);
  curs_set(visible ? 1 : 0);
  if (visible) move(y, x);
}

void vigie_screen_update(int synchronized) {
  wnoutrefresh(stdscr);
  if (synchronized) write_all("\033[?2026h", 8);
  doupdate();
  if (synchronized) write_all("\033[?2026l", 8);
}

void vigie_screen_forget(void) { redrawwin(stdscr); }

void vigie_screen_ask(void) { write_all("\033[c", 3); }

void vigie_screen_resize(int rows, int columns) { resizeterm(rows, columns); }

static int plain_key(wint_t code) {
  switch (code) {
    case KEY_UP: return vigie_key_up;
    case KEY_DOWN: return vigie_key_down;
    case KEY_LEFT: return vigie_key_left;
    case KEY_RIGHT: return vigie_key_right;
    case KEY_PPAGE: return vigie_key_page_up;
    case KEY_NPAGE: return vigie_key_page_down;
    case KEY_HOME: return vigie_key_home;
    case KEY_END: return vigie_key_end;
    case KEY_BTAB: return vigie_key_back_tab;
    case KEY_BACKSPACE: return vigie_key_backspace;
    case KEY_DC: return vigie_key_delete;
    case KEY_ENTER: return vigie_key_enter;
    case KEY_SR: return vigie_key_shift_up;
    case KEY_SF: return vigie_key_shift_down;
    case KEY_SLEFT: return vigie_key_shift_left;
    case KEY_SRIGHT: return vigie_key_shift_right;
    case KEY_RESIZE: return vigie_key_resize;
    case key_paste_start: return vigie_key_paste_start;
    case key_paste_end: return vigie_key_paste_end;
    default: break;
  }
  if (code > KEY_F0 && code <= KEY_F(24)) return vigie_key_function + (int)(code - KEY_F0);
  return vigie_key_none;
}

int vigie_screen_read(uint32_t *scalar, int *key) {
  for (;;) {
    wint_t code = 0;
    int kind = get_wch(&code);
    if (kind == ERR) return 0;
    *scalar = 0;
    *key = 0;
    if (kind != KEY_CODE_YES) {
      *scalar = code;
      return 1;
    }
    *key = plain_key(code);
    if (*key != vigie_key_none && *key != vigie_key_resize) return 1;
  }
}

void vigie_screen_suspend(void) {
  static const char modes[] = "\033[?2004l";
  write_all(modes, sizeof modes - 1);
  curs_set(1);
  endwin();
  if (settings_saved) tcsetattr(STDIN_FILENO, TCSANOW, &saved_settings);
  sigset_t stop, before;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  signal(SIGTSTP, SIG_DFL);
  sigprocmask(SIG_UNBLOCK, &stop, &before);
  raise(SIGTSTP);
  sigprocmask(SIG_SETMASK, &before, NULL);
  reset_prog_mode();
  enable_modes();
  curs_set(0);
  redrawwin(stdscr);
}

void vigie_terminal_size(int *rows, int *columns) {
  struct winsize size = {0};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) {
    *rows = 24;
    *columns = 80;
    return;
  }
  *rows = size.ws_row;
  *columns = size.ws_col;
}

int vigie_output_backlog(void) {
  int waiting = 0;
  return ioctl(STDOUT_FILENO, TIOCOUTQ, &waiting) == 0 ? waiting : 0;
}

int vigie_output_ready(void) {
  struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
  return poll(&output, 1, 0) == 1 && (output.revents & POLLOUT) != 0;
}

int vigie_locale_is_utf8(void) {
  locale_t chosen = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
  if (chosen == (locale_t)0) return 0;
  int result = strcmp(nl_langinfo_l(CODESET, chosen), "UTF-8") == 0;
  freelocale(chosen);
  return result;
}

int vigie_is_terminal(int descriptor) { return isatty(descriptor); }

int vigie_doorbell_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void vigie_doorbell_ring(int descriptor) {
  uint64_t one = 1;
  ssize_t ignored = write(descriptor, &one, sizeof one);
  (void)ignored;
}

void vigie_doorbell_clear(int descriptor) {
  uint64_t count;
  ssize_t ignored = read(descriptor, &count, sizeof count);
  (void)ignored;
}

void vigie_doorbell_close(int descriptor) { close(descriptor); }

static void on_signal(int number) {
  int before = errno;
  unsigned char byte = (unsigned char)number;
  ssize_t ignored = write(signal_pipe[1], &byte, 1);
  (void)ignored;
  errno = before;
}

int vigie_signals_open(void) {
  if (signal_pipe[0] < 0 && pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
  static const int numbers[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGCONT};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaction(numbers[i], &action, NULL);
  }
  signal(SIGPIPE, SIG_IGN);
  return signal_pipe[0];
}

int vigie_signals_next(void) {
  unsigned char byte;
  return read(signal_pipe[0], &byte, 1) == 1 ? byte : 0;
}

int vigie_wait(int doorbell, int milliseconds) {
  struct pollfd sources[3] = {
      {.fd = STDIN_FILENO, .events = POLLIN},
      {.fd = doorbell, .events = POLLIN},
      {.fd = signal_pipe[0], .events = POLLIN},
  };
  if (poll(sources, 3, milliseconds) <= 0) return 0;
  int result = 0;
  if (sources[0].revents & POLLIN) result |= 1;
  if (sources[1].revents & POLLIN) result |= 2;
  if (sources[2].revents & POLLIN) result |= 4;
  if (sources[0].revents & (POLLHUP | POLLERR | POLLNVAL)) result |= 8;
  return result;
}

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS};
enum { fatal_count = sizeof fatal_signals / sizeof *fatal_signals };
static struct sigaction previous_actions[fatal_count];

static void on_crash(int number, siginfo_t *info, void *context) {
  (void)context;
  if (screen_open) {
    screen_open = 0;
    write_all(restore_text, sizeof restore_text - 1);
    if (settings_saved) tcsetattr(STDIN_FILENO, TCSANOW, &saved_settings);
  }
  for (int i = 0; i < fatal_count; i++)
    if (fatal_signals[i] == number) sigaction(number, &previous_actions[i], NULL);
  // A real fault happens again on return and meets the previous handler; a sent one does not.
  if (info->si_code <= 0) {
    signal(number, SIG_DFL);
    raise(number);
  }
}

void vigie_crash_guard(void) {
  for (int i = 0; i < fatal_count; i++) {
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(fatal_signals[i], &action, &previous_actions[i]);
  }
}

void vigie_harden_process(void) {
  umask(077);
  // Pictures are made on several threads and thrown away: one arena keeps their memory together.
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
}
