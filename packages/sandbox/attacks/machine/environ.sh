attempt() {
  case $1 in
    1) env ;;
    2) cat "/proc/$PPID/environ" ;;
    3) cat '/proc/__RUNNER_PID__/environ' ;;
    4) cat /proc/[0-9]*/environ 2>/dev/null | tr '\0' '\n' | grep canary- ;;
  esac
}
. ./serve.sh
