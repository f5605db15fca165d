// The one line in Go. Run it: go run one_line.go
package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"sync"
	"time"
)

var (
	client  = http.Client{Timeout: time.Second}
	places  = make(chan struct{}, 100) // events under way at once
	pending sync.WaitGroup
)

func service() string {
	if url := os.Getenv("LOG_ANALYTICS_URL"); url != "" {
		return url
	}
	return "http://127.0.0.1:12345"
}

// Never waits and never fails. While 100 events are under way, new ones are left out.
func logAnalytics(event map[string]any) {
	body, err := json.Marshal(event)
	if err != nil {
		return
	}
	select {
	case places <- struct{}{}:
	default:
		return
	}
	pending.Add(1)
	go func() {
		defer func() { <-places; pending.Done() }()
		answer, err := client.Post(service()+"/log", "application/json", bytes.NewReader(body))
		if err == nil { // otherwise the service is away: this event is lost, and the program goes on
			answer.Body.Close()
		}
	}()
}

func main() {
	logAnalytics(map[string]any{"ip": "203.0.113.7", "originalUrl": `/search?q="제비"`, "userID": "42", "sender": "go"})
	pending.Wait() // a server would not wait
}
