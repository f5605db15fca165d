#!/bin/sh
# The one line with curl. Run it: sh one_line.sh
service=${LOG_ANALYTICS_URL:-http://127.0.0.1:12345}
curl --silent --max-time 1 --output /dev/null "$service/log" \
    --data '{"ip": "203.0.113.7", "originalUrl": "/search?q=\"제비\"", "userID": "42", "sender": "curl"}' || true
