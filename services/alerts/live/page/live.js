// Changes as they happen: by the stream while there is one, else by asking every few seconds.

import { changes, Refused, ticket } from "./api.js";

const ASK_MS = 5_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

export class Live {
  // told(alert), relist() and state(word): live, asking, away or refused.
  constructor({ told, relist, state }) {
    Object.assign(this, { told, relist, state, cursor: null, stream: null, turn: 0, pause: FIRST_PAUSE_MS });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.stop() : this.start()));
  }

  // A browser opens six connections to one host: a tab that nobody sees gives its own back.
  start() {
    this.stop();
    const turn = this.turn;
    this.connect(turn);
    this.asking = setInterval(() => this.stream?.live || this.poll(turn), ASK_MS);
  }

  stop() {
    this.turn += 1;
    clearInterval(this.asking);
    clearTimeout(this.retry);
    this.drop();
  }

  drop() {
    this.stream?.close();
    this.stream = null;
  }

  async connect(turn) {
    try {
      const { url } = await ticket();
      if (turn === this.turn) this.listen(turn, url);
    } catch (error) {
      if (turn === this.turn) this.failed(turn, error);
    }
  }

  listen(turn, url) {
    const since = this.cursor ? `&since=${encodeURIComponent(this.cursor)}` : "";
    const stream = (this.stream = new EventSource(url + since));
    stream.addEventListener("alert", (event) => {
      this.told(JSON.parse(event.data));
      if (event.lastEventId) this.cursor = event.lastEventId;
    });
    stream.addEventListener("ready", (event) => {
      const { cursor, resumed } = JSON.parse(event.data);
      this.cursor = cursor;
      this.pause = FIRST_PAUSE_MS;
      stream.live = true;
      this.state("live");
      if (!resumed) this.relist();
    });
    // A ticket is good once: whatever ended the stream, the next one begins with a new ticket.
    stream.addEventListener("error", () => {
      if (turn === this.turn && stream === this.stream) this.failed(turn, null, stream.live);
    });
  }

  failed(turn, error, wasLive = false) {
    this.drop();
    if (error instanceof Refused && (error.status === 401 || error.status === 403)) {
      this.stop();
      this.state("refused");
      return;
    }
    if (!wasLive) this.poll(turn);
    this.retry = setTimeout(() => this.connect(turn), wasLive ? FIRST_PAUSE_MS : this.pause);
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE_MS);
  }

  async poll(turn) {
    try {
      const answer = await changes(this.cursor);
      if (turn !== this.turn || this.stream?.live) return;
      this.cursor = answer.cursor;
      answer.alerts.forEach(this.told);
      this.state("asking");
      if (!answer.complete) this.relist();
    } catch (error) {
      if (turn === this.turn) this.state(error.status === 401 || error.status === 403 ? "refused" : "away");
    }
  }
}
