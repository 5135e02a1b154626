attempt() {
  case $1 in
    1) kill -STOP '__CANARY_PID__' ;;
    2) kill -KILL '__CANARY_PID__' ;;
  esac
}
. ./serve.sh
