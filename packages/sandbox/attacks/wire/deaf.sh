# Never reads what it is asked, so that the referee's pipe fills up.
trap '' TERM HUP INT PIPE
while :; do sleep 1; done
