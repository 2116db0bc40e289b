// The letter as its recipient gets it, with who it goes to above and what can be done below.
import { html, signal, useEffect, useLayoutEffect, useRef } from "../vendor.js";
import { may } from "../core/session.js";
import { clean, line, shown, who } from "../core/text.js";
import { clockIn, now, Time } from "../core/time.js";
import { Actions } from "./actions.js";
import { onIt } from "./claims.js";
import { Editor } from "./editor.js";
import { footnotes, pieces, signatureAt, superscript } from "./marks.js";
import { Panel } from "./panel.js";
import { behold, ready } from "./seen.js";
import { changedAt, move, panel, settled, take } from "./store.js";
import { typed } from "./typed.js";
import { askedOf } from "./versions.js";

/** The footnote under the pointer or the focus; 0 for none. */
export const lit = signal(0);

/** @param {{card: import("./store.js").Card, onBack: () => void, children: any}} props `children` follow the letter. */
export function Letter({ card, onBack, children }) {
  const scroller = useRef(null);
  useLayoutEffect(() => behold(card.email_id, scroller.current), [card.email_id]);
  useEffect(() => {
    scroller.current.scrollTop = 0;
    lit.value = 0;
  }, [card.email_id]);
  const editing = panel.value === "edit";
  const said = settled.value.get(card.email_id);
  return html`
    <section class="letter-pane" data-ready=${ready.value === card.email_id || null} aria-label=${`Letter to ${shown(card.card.name, "a hidden recipient")}`}>
      <div class="letter-scroll" ref=${scroller} tabindex="0" role="group" aria-label="The letter and the reasons for it">
        <button type="button" class="quiet back" onClick=${onBack}>← Queue</button>
        ${said && html`<${Settled} said=${said} card=${card} />`}
        <${Head} card=${card} />
        ${editing ? html`<${Editor} key=${card.email_id} card=${card} />` : html`<${Text} card=${card} />`}
        ${!editing && typed(card.email_id).body !== undefined && html`<p class="said">You have an unsaved edit of this letter. <button type="button" onClick=${() => (panel.value = "edit")}>Go on with it</button></p>`}
        ${children}
      </div>
      ${!said && (editing ? null : panel.value ? html`<${Panel} key=${card.email_id + panel.value} card=${card} />` : html`<${Actions} card=${card} />`)}
    </section>
  `;
}

function Settled({ said, card }) {
  const next = () => {
    const { email_id } = card;
    move(1);
    take(email_id);
  };
  return html`
    <div class="said warn settled" role="status">
      <p><strong>${said}</strong> ${typed(card.email_id).body !== undefined ? "Your unsaved text is still below." : "There is nothing left to decide."}</p>
      <button type="button" onClick=${next}>Next letter</button>
    </div>
  `;
}

function Head({ card }) {
  const hidden = !may("read_personal");
  const there = clockIn(card.zone, now.value);
  const place = line(card.card.location);
  const other = onIt(card, now.value);
  const fresh = now.value - (changedAt.get(card.email_id) ?? 0) < 60_000 ? card.versions.at(-1) : null;
  return html`
    ${other && html`<p class="said"><strong>${other} is on it.</strong> You can still read; what is decided first stands.</p>`}
    ${fresh && html`<p class="said warn"><strong>This text is new.</strong> ${who(fresh.by)} wrote version ${fresh.version} at <${Time} at=${fresh.at} />.${fresh.asked_by && ` ${askedOf(fresh)}`}</p>`}
    <dl class="letter-head">
      <div>
        <dt>To</dt>
        <dd>
          <strong>${shown(card.card.name, "Name hidden")}</strong>
          <span class="dim"> ${hidden ? "address hidden" : html`<${Address} text=${card.content.recipient} />`}</span>
        </dd>
      </div>
      <div><dt>At</dt><dd>${line(card.card.title)}, ${line(card.card.company)}${place && html`<span class="dim"> · ${place}${there && html` <span title=${`Local time, ${card.zone}`}>${there} there</span>`}</span>`}</dd></div>
      <div><dt>From</dt><dd class="dim">${line(card.content.sender)}</dd></div>
    </dl>
  `;
}

const Address = ({ text }) => html`<span class="address">${line(text)}</span>`;

function Text({ card }) {
  if (!may("read_personal")) {
    return html`
      <div class="letter hidden-letter">
        <h2>Subject and text are hidden</h2>
        <p>Your role sees that there is a letter and what is done with it, not what it says to whom.</p>
      </div>
    `;
  }
  const notes = footnotes(card);
  const text = clean(card.content.text).trimEnd();
  const signature = signatureAt(`${text}\n`, card.content.sender);
  const inSubject = pieces(line(card.content.subject), notes);
  return html`
    <article class="letter">
      <h2 class="subject"><span class="unseen">Subject: </span><${Pieces} of=${inSubject} notes=${notes} /></h2>
      <div class="body"><${Pieces} of=${pieces(text.slice(0, signature).trimEnd(), notes)} notes=${notes} /></div>
      ${signature < text.length && html`<div class="body signature">${text.slice(signature)}</div>`}
    </article>
  `;
}

function Pieces({ of, notes }) {
  return of.map((piece, index) => (piece.number ? html`<${Claim} key=${index} piece=${piece} note=${notes[piece.number - 1]} />` : piece.text));
}

function Claim({ piece, note }) {
  const { number } = piece;
  const state = `${lit.value === number ? "lit" : ""} ${note.fact ? "" : "unfounded"}`.trim();
  return html`
    <span
      class=${`claim ${state}`}
      tabindex="0"
      role="note"
      aria-label=${note.fact ? `${piece.text}, fact ${number}` : `${piece.text}: no fact carries this`}
      onMouseEnter=${() => (lit.value = number)}
      onMouseLeave=${() => (lit.value = 0)}
      onFocus=${() => (lit.value = number)}
      onBlur=${() => (lit.value = 0)}
      >${piece.text}<sup aria-hidden="true">${superscript(number)}</sup></span
    >`;
}
