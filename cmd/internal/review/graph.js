// ---- the graph: fits its box, zooms, moves, and shows a service with its neighbors ----

const canvas = document.getElementById('canvas');
const SVG = 'http://www.w3.org/2000/svg';

function draw(name, attributes, ...children) {
  const e = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes || {})) if (value !== '') e.setAttribute(key, value);
  e.append(...children);
  return e;
}

// kind returns the classes of a line by how its operation works now.
function kind(n) {
  const mode = modeNow(n), op = data.operations[n];
  const name = mode === 2 ? 'async' : mode === 0 ? 'undecided' : 'sync';
  const tried = tries.has(n) ? ' tried' : '';
  if (op.over && !tried) return {line: `wn-edge wn-${name} wn-bad${tried}`, head: 'bad', label: 'wn-label wn-label-bad'};
  if (differsNow(n)) return {line: `wn-edge wn-${name} wn-odd${tried}`, head: 'odd', label: 'wn-label wn-label-odd'};
  return {line: `wn-edge wn-${name}${tried}`, head: name, label: 'wn-label'};
}

// near draws services with all that calls them and all that they call: one row for each
// operation, so that no label covers another.
function near(members) {
  const g = data.graph, ops = data.operations, inside = new Set(members);
  const name = s => s < 0 ? 'its own work' : g.services[s][0];
  const rowHigh = 30, wide = text => 26 + 7.4 * [...text].length;
  const cut = text => [...text].length > 34 ? [...text].slice(0, 33).join('') + '…' : text;
  const byName = (a, b) => collator.compare(a, b);
  const blocks = members.map(m => ({
    m,
    left: ops.flatMap((o, n) => o.e === m && !inside.has(o.c) ? [n] : []).sort((a, b) => byName(name(ops[a].c), name(ops[b].c)) || a - b),
    right: ops.flatMap((o, n) => o.c === m ? [n] : []).sort((a, b) => byName(name(ops[a].e), name(ops[b].e)) || a - b),
  })).sort((a, b) => byName(name(a.m), name(b.m)));
  const most = list => Math.max(60, ...list);
  const label = n => cut((g.names[n] || '') + (differsNow(n) ? ' (!)' : ''));
  const leftWide = most(blocks.flatMap(b => b.left.map(n => wide(cut(name(ops[n].c))))));
  const leftGap = 50 + most(blocks.flatMap(b => b.left.map(n => 6.4 * [...label(n)].length)));
  const middleWide = most(blocks.map(b => wide(cut(name(b.m)))));
  const rightGap = 50 + most(blocks.flatMap(b => b.right.map(n => 6.4 * [...label(n)].length)));
  const rightWide = most(blocks.flatMap(b => b.right.map(n => wide(cut(name(ops[n].e))))));
  const anyLeft = blocks.some(b => b.left.length), x0 = 20, x1 = anyLeft ? x0 + leftWide + leftGap : x0, x2 = x1 + middleWide + rightGap;
  const root = draw('g'), lines = draw('g'), boxes = draw('g'), labels = draw('g');
  root.append(lines, boxes, labels);
  let y = 20;
  const box = (s, x, top, rows, w, extra) => {
    const high = rows * rowHigh - 8;
    const node = draw('g', {class: 'node', 'data-service': s, tabindex: '-1'}, draw('title', null, name(s)),
      draw('rect', {class: 'wn-box' + (s < 0 || g.services[s][2] ? ' wn-outside' : '') + extra, x, y: top + 4, width: w, height: high, rx: 6}),
      draw('text', {x: x + w / 2, y: top + 4 + high / 2 + 4.5, 'text-anchor': 'middle'}, cut(name(s))));
    boxes.append(node);
  };
  const row = (n, from, to, at) => {
    const k = kind(n), hybrid = modeNow(n) === 3;
    const line = dy => draw('path', {class: dy > 0 ? k.line.replace('wn-sync', 'wn-async') : k.line, d: `M${from} ${at + dy}H${to}`, 'marker-end': dy > 0 ? '' : `url(#wn-${k.head})`});
    lines.append(...(hybrid ? [line(-2), line(2)] : [line(0)]));
    const text = label(n), long = 6.4 * [...text].length; // the outline of letters leaves the line visible between words
    labels.append(draw('a', {href: document.getElementById('op-' + n) ? '#op-' + n : ''}, // not all are listed
      ...(text.includes(' ') ? [draw('rect', {class: 'wn-halo', x: (from + to - long) / 2, y: at - 6, width: long, height: 11})] : []),
      draw('text', {class: k.label, x: (from + to) / 2, y: at + 4, 'text-anchor': 'middle'}, text)));
  };
  for (const b of blocks) {
    const rows = Math.max(b.left.length, b.right.length, 1), top = y;
    box(b.m, x1, top, rows, middleWide, ' wn-entry');
    for (const [list, side] of [[b.left, 'c'], [b.right, 'e']]) {
      for (let i = 0; i < list.length;) {
        let to = i;
        while (to < list.length && ops[list[to]][side] === ops[list[i]][side]) to++;
        const w = side === 'c' ? leftWide : rightWide, x = side === 'c' ? x0 : x2;
        box(ops[list[i]][side], x, top + i * rowHigh, to - i, w, '');
        for (; i < to; i++) {
          const at = top + i * rowHigh + rowHigh / 2;
          if (side === 'c') row(list[i], x0 + leftWide, x1, at);
          else row(list[i], x1 + middleWide, x2, at);
        }
      }
    }
    y += rows * rowHigh + 16;
  }
  const anyRight = blocks.some(b => b.right.length);
  return {root, box: [0, 0, anyRight ? x2 + rightWide + 20 : x1 + middleWide + 20, y + 10]};
}

let redraw = () => {};
if (canvas) {
  const matrix = document.getElementById('matrix');
  if (matrix) {
    matrix.addEventListener('click', event => {
      const row = event.target.closest('tbody tr');
      if (!row || !event.target.textContent) return;
      const group = Number(row.dataset.group), byService = g.by === 'service';
      focus(byService ? 's' + g.services.findIndex(s => s[1] === group) : 'g' + group);
      if (canvas.getBoundingClientRect().top < 0) document.getElementById('graph').scrollIntoView(); // it is lower than the matrix
    });
  }
  const zooms = document.getElementById('zooms');
  zooms.hidden = matrix !== null;
  const svg = canvas.querySelector('svg'), pick = document.getElementById('focus'), g = data.graph;
  const whole = draw('g');
  whole.append(...[...svg.childNodes].filter(e => e.nodeName !== 'defs' && e.nodeName !== 'title'));
  svg.append(whole);
  const all = svg.getAttribute('viewBox').split(' ').map(Number);
  let full = all, box = all, detail = null;
  const show = next => { box = next; svg.setAttribute('viewBox', box.map(x => +x.toFixed(1)).join(' ')); };
  // around returns a box of the canvas's proportions that holds an area, and is no smaller than it reads well.
  const around = ([x, y, w, h]) => {
    const r = canvas.getBoundingClientRect(), ratio = (r.width || 1) / (r.height || 1);
    const wide = Math.max(w, h * ratio, r.width * .7);
    return [x + w / 2 - wide / 2, y + h / 2 - wide / ratio / 2, wide, wide / ratio];
  };
  // start fits the picture, or where that could not be read its beginning. The box is as high as
  // the picture needs, within its limits.
  const start = () => {
    canvas.style.height = '';
    let r = canvas.getBoundingClientRect();
    if (!r.width) return;
    const most = r.width / (detail ? .8 : .7), high = full[3] * r.width / Math.min(Math.max(full[2], r.width * .7), most);
    canvas.style.height = Math.min(Math.max(high, 224), r.height) + 'px';
    r = canvas.getBoundingClientRect();
    const fit = around(full);
    if (fit[2] <= most) return show(fit);
    const seen = most * r.height / r.width;
    show([full[2] < most ? (full[2] - most) / 2 : 0, detail ? 0 : Math.max(0, (full[3] - seen) / 2), most, seen]);
  };
  const zoom = (by, cx = box[0] + box[2] / 2, cy = box[1] + box[3] / 2) => {
    const wide = Math.min(Math.max(box[2] * by, 150), Math.max(full[2], full[3]) * 3), k = wide / box[2];
    show([cx - (cx - box[0]) * k, cy - (cy - box[1]) * k, wide, box[3] * k]);
  };
  const move = (x, y) => show([box[0] + x * box[2], box[1] + y * box[3], box[2], box[3]]);
  const at = event => {
    const r = canvas.getBoundingClientRect();
    return [box[0] + (event.clientX - r.left) / r.width * box[2], box[1] + (event.clientY - r.top) / r.height * box[3]];
  };
  // focus shows what a choice names: g3 is a group, s12 a service, and nothing everything.
  const focus = (choice, keep) => {
    pick.value = choice;
    if (detail) detail.remove();
    detail = null;
    whole.removeAttribute('display');
    full = all;
    if (choice) {
      const n = Number(choice.slice(1));
      const members = choice[0] === 's' ? [n] : g.services.flatMap((s, i) => s[1] === n ? [i] : []);
      const drawn = near(members);
      detail = drawn.root;
      full = drawn.box;
      whole.setAttribute('display', 'none');
      svg.append(detail);
    }
    if (matrix) {
      matrix.hidden = choice !== '';
      canvas.hidden = choice === '';
      zooms.hidden = choice === '';
    }
    if (!keep) start();
  };
  const add = (to, prefix, names) => names.map((x, i) => [x, i]).filter(([x]) => x !== null).sort((a, b) => collator.compare(a[0], b[0]))
    .forEach(([x, i]) => to.append(make('option', {value: prefix + i}, x)));
  if (g.groups.length && g.by !== 'service') {
    const groups = make('optgroup', {label: 'By ' + g.by}), services = make('optgroup', {label: 'Services'});
    add(groups, 'g', g.groups);
    add(services, 's', g.services.map(s => s[0]));
    pick.append(groups, services);
  } else add(pick, 's', g.services.map(s => s[0]));
  pick.addEventListener('change', () => focus(pick.value));
  canvas.addEventListener('wheel', event => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(event.deltaY / 300), ...at(event));
  }, {passive: false});
  const pointers = new Map();
  let moved = 0;
  canvas.addEventListener('pointerdown', event => { pointers.set(event.pointerId, event); moved = 0; });
  canvas.addEventListener('pointermove', event => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    const r = canvas.getBoundingClientRect(), x = event.clientX - last.clientX, y = event.clientY - last.clientY;
    moved += Math.abs(x) + Math.abs(y);
    if (moved > 4) canvas.setPointerCapture(event.pointerId);
    if (pointers.size === 1) move(-x / r.width, -y / r.height);
    else {
      const other = [...pointers.values()].find(p => p.pointerId !== event.pointerId);
      const apart = p => Math.hypot(p.clientX - other.clientX, p.clientY - other.clientY) || 1;
      zoom(apart(last) / apart(event), ...at(other));
    }
    pointers.set(event.pointerId, event);
  });
  for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, event => pointers.delete(event.pointerId));
  canvas.addEventListener('click', event => {
    if (moved > 4) { event.preventDefault(); return; }
    const node = event.target.closest('.node');
    if (!node) return;
    const service = node.dataset.service;
    const choice = service !== undefined ? 's' + service : (g.groups.length ? 'g' : 's') + node.dataset.ref;
    if (!choice.endsWith('-1')) focus(choice === pick.value ? '' : choice);
  });
  const keys = {'+': () => zoom(.8), '=': () => zoom(.8), '-': () => zoom(1.25), '0': () => focus(''), Escape: () => focus(''),
    ArrowLeft: () => move(-.1, 0), ArrowRight: () => move(.1, 0), ArrowUp: () => move(0, -.1), ArrowDown: () => move(0, .1)};
  canvas.addEventListener('keydown', event => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  document.getElementById('zoom-in').addEventListener('click', () => zoom(.8));
  document.getElementById('zoom-out').addEventListener('click', () => zoom(1.25));
  document.getElementById('zoom-fit').addEventListener('click', () => show(around(full)));
  document.getElementById('focus-none').addEventListener('click', () => focus(''));
  addEventListener('beforeprint', () => show(full));
  matchMedia('print').addEventListener('change', event => { if (event.matches) show(full); });
  // redraw shows what is tried: in lines of one operation, and in what is focused.
  redraw = () => {
    for (const edge of whole.querySelectorAll('.edge[data-refs]')) {
      const refs = edge.dataset.refs.split(' ').map(Number), any = refs.some(n => tries.has(n));
      for (const path of edge.querySelectorAll('path')) {
        path.dataset.was ||= path.getAttribute('class');
        path.dataset.head ||= path.getAttribute('marker-end') || '-';
        const k = any && refs.length === 1 ? kind(refs[0]) : null;
        path.setAttribute('class', k ? k.line : path.dataset.was + (any ? ' tried' : ''));
        if (path.dataset.head !== '-') path.setAttribute('marker-end', k ? `url(#wn-${k.head})` : path.dataset.head);
      }
    }
    if (pick.value) focus(pick.value, true);
  };
  let wide = innerWidth;
  addEventListener('resize', () => { if (innerWidth !== wide) { wide = innerWidth; start(); } });
  start();
}
