# Bounded: two thousand processes, each for at most five seconds.
attempt() {
  [ "$1" = 1 ] || return
  n=0
  while [ "$n" -lt 2000 ]; do
    sleep 5 &
    n=$((n + 1))
  done
  echo "started $n processes"
}
. ./serve.sh
