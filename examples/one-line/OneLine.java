// The one line in Java (11 or newer). Run it: java OneLine.java
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

public class OneLine {
    static final String SERVICE = System.getenv().getOrDefault("LOG_ANALYTICS_URL", "http://127.0.0.1:12345");
    static final HttpClient CLIENT = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    static final Semaphore PLACES = new Semaphore(100);

    // Never waits and never fails. While 100 events are under way, new ones are left out.
    static CompletableFuture<Void> logAnalytics(Map<String, String> event) {
        if (!PLACES.tryAcquire()) return CompletableFuture.completedFuture(null);
        var request = HttpRequest.newBuilder(URI.create(SERVICE + "/log"))
            .timeout(Duration.ofSeconds(1))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json(event)))
            .build();
        return CLIENT.sendAsync(request, BodyHandlers.discarding())
            .handle((answer, error) -> { // on an error the service is away: this event is lost, and the program goes on
                PLACES.release();
                return null;
            });
    }

    // A library such as Jackson does this too.
    static String json(Map<String, String> event) {
        return event.entrySet().stream()
            .map(field -> quoted(field.getKey()) + ":" + quoted(field.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
    }

    static String quoted(String text) {
        return text.chars()
            .mapToObj(c -> c < ' ' || c == '"' || c == '\\' ? String.format("\\u%04x", c) : String.valueOf((char) c))
            .collect(Collectors.joining("", "\"", "\""));
    }

    public static void main(String[] arguments) {
        var event = Map.of("ip", "203.0.113.7", "originalUrl", "/search?q=\"제비\"", "userID", "42", "sender", "java");
        logAnalytics(event).join(); // a server would not wait
    }
}
