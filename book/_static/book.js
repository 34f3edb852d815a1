// What the theme leaves undone: contents that follow, a drawer that closes, one stop for all copy buttons.
(() => {
  const ready = (act) => (document.readyState === 'loading' ? addEventListener('DOMContentLoaded', act) : act());

  // The section that is being read is the last whose heading has passed the upper quarter.
  const follow = () => {
    const links = [...document.querySelectorAll('#pst-page-toc-nav a[href^="#"]')];
    const parts = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    let drawn = false;
    const mark = () => {
      drawn = false;
      const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
      const passed = parts.filter((part) => part && part.getBoundingClientRect().top < innerHeight / 4);
      const here = atEnd ? links.length - 1 : parts.indexOf(passed.at(-1));
      links.forEach((link, i) => {
        link.classList.toggle('active', i === here);
        if (i === here) link.setAttribute('aria-current', 'location'); else link.removeAttribute('aria-current');
      });
    };
    const later = () => { if (!drawn) requestAnimationFrame(mark); drawn = true; };
    addEventListener('scroll', later, { passive: true });
    addEventListener('resize', later);
    if (links.length) mark();
  };

  // A drawer lies over what its links lead to: it closes behind the reader.
  const close = () => {
    for (const drawer of document.querySelectorAll('dialog[id$="-sidebar-modal"]')) {
      drawer.addEventListener('click', (event) => { if (event.target.closest('a[href*="#"]')) drawer.close(); });
    }
  };

  // One stop of the Tab key for all copy buttons; the arrow keys go from one to the next.
  const rove = () => {
    const buttons = [...document.querySelectorAll('button.copybtn')];
    const stop = (chosen) => buttons.forEach((button) => { button.tabIndex = button === chosen ? 0 : -1; });
    buttons.forEach((button, i) => {
      button.setAttribute('aria-label', `Copy the code, ${i + 1} of ${buttons.length}; arrow keys go to the others`);
      button.addEventListener('focus', () => stop(button));
      button.addEventListener('keydown', (event) => {
        const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
        const next = step && visible(i, step);
        if (next) { event.preventDefault(); next.focus(); }
      });
    });
    const visible = (i, step) => {
      for (let k = i + step; buttons[k]; k += step) if (buttons[k].checkVisibility()) return buttons[k];
      return undefined;
    };
    stop(visible(-1, 1));
  };

  ready(() => { follow(); close(); });
  addEventListener('load', rove);  // the buttons are made when the page is ready
})();
