attempt() {
  case $1 in
    1) cat '__SECRET_FILE__' ;;
    2) cat '__HOME_FILE__' ;;
    3) cat '__TASK_FILE__' ;;
    4) ln -s '__SECRET_FILE__' link && cat link ;;
    5) cat "/proc/$PPID/root__SECRET_FILE__" '/proc/1/root__SECRET_FILE__' ;;
    6) find / -xdev -name 'canary*' -exec cat {} + 2>/dev/null | head -c 500 ;;
  esac
}
. ./serve.sh
