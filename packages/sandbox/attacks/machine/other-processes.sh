attempt() {
  case $1 in
    1) cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | grep canary- ;;
    2) ls -l /proc/[0-9]*/cwd 2>/dev/null | grep -o '[^ ]*__SCENE__[^ ]*' ;;
    3) ps -ef 2>/dev/null | grep -o 'canary-[a-z]*-[0-9a-f]*' ;;
  esac
}
. ./serve.sh
