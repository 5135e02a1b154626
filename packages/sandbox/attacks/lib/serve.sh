# Speaks the protocol for a shell agent: one call of `attempt STEP` for each act, its output in a note.
serve() {
  step=0
  while IFS= read -r line; do
    id=${line#*'"id":'}
    id=${id%%,*}
    case $line in
      *'"method":"initialize"'*) result='{"protocol":"tracecore-agent-protocol-v1","name":"sh"}' ;;
      *'"method":"act"'*)
        step=$((step + 1))
        got=$(attempt "$step" 2>&1 | tr -c '[:alnum:] ._:/=-' ' ' | cut -c 1-1000 | head -c 4000 | tr '\n' ' ')
        result="{\"type\":\"note\",\"args\":{\"text\":\"$got\"}}" ;;
      *) result=null ;;
    esac
    printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
    case $line in *'"method":"shutdown"'*) exit 0 ;; esac
  done
}
