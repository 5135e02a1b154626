# Makes its folder as hard to remove as it can: without rights, and deeper than any path is long.
attempt() {
  case $1 in
    1)
      n=0
      long=$(printf 'x%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20)$(printf 'y%.0s' 1 2 3 4 5 6 7 8 9 10)
      while [ "$n" -lt 400 ]; do mkdir "$long" && cd "$long" || break; n=$((n + 1)); done
      echo "went $n down" ;;
    2) mkdir closed && echo x > closed/file && chmod 000 closed && chmod 000 . ;;
  esac
}
. ./serve.sh
