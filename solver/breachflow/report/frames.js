"use strict";
// Shows one frame of a picture at a time: a slider, a button that plays, the arrow keys on the slider.
for (const figure of document.querySelectorAll(".frames")) {
  const images = [...figure.querySelectorAll("img")];
  const slider = figure.querySelector("input");
  const button = figure.querySelector("button");
  const label = figure.querySelector("output");
  let timer = 0;
  const show = (number) => {
    images.forEach((image, place) => { image.hidden = place !== number; });
    slider.value = number;
    slider.setAttribute("aria-valuetext", images[number].dataset.label);
    label.textContent = images[number].dataset.label;
  };
  const stop = () => { clearInterval(timer); timer = 0; button.textContent = "Play"; };
  const step = () => {
    show(Number(slider.value) + 1);
    if (Number(slider.value) === images.length - 1) stop();
  };
  button.addEventListener("click", () => {
    if (timer) { stop(); return; }
    if (Number(slider.value) === images.length - 1) show(0);
    timer = setInterval(step, 400);
    button.textContent = "Stop";
  });
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  show(images.length - 1);
  figure.hidden = false;
}
