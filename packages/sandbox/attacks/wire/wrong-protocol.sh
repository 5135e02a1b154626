read -r line
printf '{"jsonrpc":"2.0","id":1,"result":{"protocol":"tracecore-agent-protocol-v1\\u0000","__proto__":{"protocol":"tracecore-agent-protocol-v1"}}}\n'
sleep 60
