"""Sequence to sequence with GRUs: teacher forcing to train, a loop of single steps to decode."""
import keras
import numpy as np
from keras.layers import GRU, Dense, Input

input_texts = ["go", "run", "stop", "wait", "hello", "i see"]
target_texts = ["\t" + t[::-1] + "!\n" for t in input_texts]
input_characters = sorted(set("".join(input_texts)))
target_characters = sorted(set("".join(target_texts)))
num_encoder_tokens = len(input_characters)
num_decoder_tokens = len(target_characters)
max_encoder_seq_length = max(len(txt) for txt in input_texts)
max_decoder_seq_length = max(len(txt) for txt in target_texts)
input_token_index = {char: i for i, char in enumerate(input_characters)}
target_token_index = {char: i for i, char in enumerate(target_characters)}

encoder_input_data = np.zeros((len(input_texts), max_encoder_seq_length, num_encoder_tokens), dtype="float32")
decoder_input_data = np.zeros((len(input_texts), max_decoder_seq_length, num_decoder_tokens), dtype="float32")
decoder_target_data = np.zeros((len(input_texts), max_decoder_seq_length, num_decoder_tokens), dtype="float32")
for i, (input_text, target_text) in enumerate(zip(input_texts, target_texts)):
    for t, char in enumerate(input_text):
        encoder_input_data[i, t, input_token_index[char]] = 1.0
    for t, char in enumerate(target_text):
        decoder_input_data[i, t, target_token_index[char]] = 1.0
        if t > 0:
            # one timestep ahead, without the start character
            decoder_target_data[i, t - 1, target_token_index[char]] = 1.0

latent_dim = 12
encoder_inputs = Input(shape=(None, num_encoder_tokens))
encoder = GRU(latent_dim, return_state=True)
encoder_outputs, state_h = encoder(encoder_inputs)
decoder_inputs = Input(shape=(None, num_decoder_tokens))
decoder_gru = GRU(latent_dim, return_sequences=True, return_state=True)
decoder_outputs, _ = decoder_gru(decoder_inputs, initial_state=state_h)
decoder_dense = Dense(num_decoder_tokens, activation="softmax")
decoder_outputs = decoder_dense(decoder_outputs)
model = keras.Model([encoder_inputs, decoder_inputs], decoder_outputs)
model.compile(optimizer="rmsprop", loss="categorical_crossentropy")
model.fit([encoder_input_data, decoder_input_data], decoder_target_data, batch_size=3, epochs=1, verbose=0)

# inference: the state goes in and comes out
encoder_model = keras.Model(encoder_inputs, state_h)
decoder_state_input = Input(shape=(latent_dim,))
step_outputs, step_state = decoder_gru(decoder_inputs, initial_state=decoder_state_input)
step_outputs = decoder_dense(step_outputs)
decoder_model = keras.Model([decoder_inputs, decoder_state_input], [step_outputs, step_state])
reverse_target_char_index = {i: char for char, i in target_token_index.items()}


def decode_sequence(input_seq):
    state = encoder_model.predict(input_seq, verbose=0)
    target_seq = np.zeros((1, 1, num_decoder_tokens))
    target_seq[0, 0, target_token_index["\t"]] = 1.0
    decoded_sentence = ""
    while len(decoded_sentence) < 3:
        output_tokens, state = decoder_model.predict([target_seq, state], verbose=0)
        sampled_token_index = np.argmax(output_tokens[0, -1, :])
        sampled_char = reverse_target_char_index[sampled_token_index]
        decoded_sentence += sampled_char
        if sampled_char == "\n":
            break
        target_seq = np.zeros((1, 1, num_decoder_tokens))
        target_seq[0, 0, sampled_token_index] = 1.0
    return decoded_sentence


for seq_index in range(2):
    input_seq = encoder_input_data[seq_index : seq_index + 1]
    print(input_texts[seq_index], "->", repr(decode_sequence(input_seq)))
