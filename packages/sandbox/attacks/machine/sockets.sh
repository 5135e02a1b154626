attempt() {
  case $1 in
    1) bash -c 'echo hit > /dev/tcp/127.0.0.1/__PORT__' ;;
    2) curl -s -m 1 'http://127.0.0.1:__PORT__/' ;;
    3) curl -s -m 1 --unix-socket '__SOCKET__' http://x/ ;;
    4) bash -c 'echo hit > /dev/udp/127.0.0.1/__PORT__' ;;
  esac
}
. ./serve.sh
