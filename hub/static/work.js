// Long work on its own page: how far it is, and the page anew once it is over.

const EVERY = 1000;
const bar = document.getElementById("progress");
const words = document.getElementById("how-far");

async function look() {
  try {
    const answer = await fetch(bar.dataset.from, { cache: "no-store" });
    if (answer.ok) {
      const told = await answer.json();
      if (!told.running) {
        location.replace(bar.dataset.then || `${location.pathname}?over`);
        return;
      }
      if (told.total) {
        bar.max = told.total;
        bar.value = told.done;
        words.textContent = told.words;
      }
    } else if (answer.status < 500) {
      location.reload(); // signed out, most likely
      return;
    }
  } catch {
    // The network is away for a moment: look again.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
