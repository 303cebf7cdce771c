import { describe, expect, test } from "@odoo/hoot";
import { JournalModel } from "@salon_spa_booking/journal/journal_model";

describe.current.tags("headless");

const { DateTime } = luxon;

/** A board on the 1st of March whose questions are answered, or refused, when the test says so. */
async function makeModel() {
    const questions = [];
    const orm = {
        call: (model, method, args, { start_date: day, mode }) =>
            new Promise((resolve, reject) => questions.push({ day, answer: () => resolve({ mode, day }), reject })),
    };
    const model = new JournalModel({ isSmall: false }, {}, { orm });
    model.open(DateTime.fromISO("2030-03-01"));
    model.meta = model.wanted = { ...model.meta, scale: "day", mode: "masters" };
    const loaded = model.load({ domain: [], context: {} });
    questions.pop().answer();
    await loaded;
    return { model, questions };
}

const next = (model) => model.change({ date: model.wanted.date.plus({ days: 1 }) });

test("five quick clicks go five days ahead, whatever the answers' order", async () => {
    const { model, questions } = await makeModel();
    const clicks = Array.from({ length: 5 }, () => next(model));
    expect(model.wanted.date.toISODate()).toBe("2030-03-06");
    expect(model.isBehind).toBe(true);
    expect(model.data.day).toBe("2030-03-01");
    questions[4].answer();
    questions.slice(0, 4).forEach((question) => question.answer());
    await Promise.all(clicks);
    expect(model.meta.date.toISODate()).toBe("2030-03-06");
    expect(model.data.day).toBe("2030-03-06");
    expect(model.isBehind).toBe(false);
});

test("a zoom in the meantime is not lost", async () => {
    const { model, questions } = await makeModel();
    const changes = [next(model), model.change({ zoom: 5 })];
    questions.forEach((question) => question.answer());
    await Promise.all(changes);
    expect([model.meta.zoom, model.meta.date.toISODate()]).toEqual([5, "2030-03-02"]);
});

test("who goes back at once stays", async () => {
    const { model, questions } = await makeModel();
    const changes = [model.change({ mode: "rooms" }), model.change({ mode: "masters" })];
    questions.toReversed().forEach((question) => question.answer());
    await Promise.all(changes);
    expect([model.meta.mode, model.data.mode]).toEqual(["masters", "masters"]);
});

test("without an answer the board stays where it is, and clicks count from there", async () => {
    const { model, questions } = await makeModel();
    const click = next(model);
    questions.pop().reject(new Error("Connection lost"));
    await expect(click).rejects.toThrow("Connection lost");
    expect([model.wanted.date.toISODate(), model.isBehind]).toEqual(["2030-03-01", false]);
});
