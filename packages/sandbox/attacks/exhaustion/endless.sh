attempt() {
  while :; do :; done
}
. ./serve.sh
