# Leaves processes behind: one in a session of its own that hears no signal, one whose parent is gone.
attempt() {
  [ "$1" = 1 ] || return
  setsid sh -c 'trap "" TERM HUP INT; while :; do sleep 1; done' '__MARK__' </dev/null >/dev/null 2>&1 &
  (sh -c 'trap "" TERM HUP; while :; do sleep 1; done' '__MARK__' </dev/null >/dev/null 2>&1 &)
  env -i setsid sh -c 'cd /; while :; do sleep 1; done' '__MARK__' </dev/null >/dev/null 2>&1 &
}
. ./serve.sh
