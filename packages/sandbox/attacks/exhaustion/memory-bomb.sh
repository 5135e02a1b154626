attempt() {
  # `tail` keeps everything that could still be the end.
  [ "$1" = 1 ] && head -c 4294967296 /dev/zero | { tail -c 4294967295 >/dev/null && echo "took 4096 MiB"; }
}
. ./serve.sh
