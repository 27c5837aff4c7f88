// A file on its way: chosen or dropped, sent, and what is wrong with it if it is refused.

import { send } from "./api.js";
import { size } from "./words.js";

const $ = (id) => document.getElementById(id);

export class Sending {
  // begun() shows the place where files are sent from; arrived(answer), stopped(); unknown(error)
  // is true for a refusal that is shown elsewhere.
  constructor(told) {
    Object.assign(this, { told, sent: null });
    $("file").addEventListener("change", () => this.send([...$("file").files]));
    $("stop-sending").addEventListener("click", () => this.stop());
    addEventListener("dragover", (event) => {
      event.preventDefault(); // else the browser would open the file in place of the page
      $("drop").classList.add("over");
    });
    addEventListener("dragleave", (event) => event.relatedTarget ?? $("drop").classList.remove("over"));
    addEventListener("drop", (event) => {
      event.preventDefault();
      $("drop").classList.remove("over");
      if (!$("main").hidden) this.send([...event.dataTransfer.files]);
    });
    addEventListener("beforeunload", (event) => this.sent && event.preventDefault());
  }

  stop() {
    this.sent?.stop();
  }

  async send(files) {
    if (this.sent) return;
    this.told.begun();
    $("file-problem").textContent = files.length === 1 ? "" : files.length ? "One file at a time, please." : "That is no file.";
    if (files.length !== 1) return;
    const [file] = files;
    this.show(true);
    this.progress(file, 0, file.size);
    this.sent = send(file, (loaded, total) => this.progress(file, loaded, total));
    $("stop-sending").focus();
    try {
      const answer = await this.sent.done;
      this.show(false);
      if (answer) this.told.arrived(answer);
      else this.told.stopped();
    } catch (error) {
      this.show(false);
      if (!this.told.unknown(error)) $("file-problem").textContent = `${file.name}: ${error.words()}`;
    }
    if (!$("start").hidden && !$("main").hidden) $("file").focus();
  }

  show(underWay) {
    $("sending").hidden = !underWay;
    $("drop").inert = underWay;
    if (underWay) return;
    this.sent = null;
    $("file").value = "";
  }

  progress(file, loaded, total) {
    $("sent").value = total ? loaded / total : 1;
    $("sending-words").textContent = loaded < total ? `Sending ${file.name}: ${size(loaded)} of ${size(total)}` : `Looking at ${file.name} …`;
  }
}
