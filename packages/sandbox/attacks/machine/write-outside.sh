attempt() {
  case $1 in
    1) echo here > '__MARKER__' ;;
    2) echo changed >> '__SECRET_FILE__' ;;
    3) rm -rf '__HOME_FILE__' ;;
    4) echo here > '/dev/shm/__MARK__' ;;
    5) echo planted > '__WORKSPACE__/agents/planted.sh' ;;
  esac
}
. ./serve.sh
