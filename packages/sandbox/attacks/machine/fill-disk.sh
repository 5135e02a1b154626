attempt() {
  case $1 in
    1) head -c 1073741824 /dev/zero > one; ls -l one ;;
    2) for n in 1 2 3 4 5 6 7 8; do head -c 134217728 /dev/zero > "many-$n" || break; done; du -cm . | tail -n 1 ;;
  esac
}
. ./serve.sh
