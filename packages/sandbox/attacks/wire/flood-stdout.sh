attempt() {
  :
}
yes 'a flood of lines before anything was asked' | head -c 1073741824
. ./serve.sh
