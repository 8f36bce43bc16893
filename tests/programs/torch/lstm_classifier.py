import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class LSTMClassifier(nn.Module):
    def __init__(self, vocab_size, embedding_dim, hidden_dim, output_dim, n_layers, bidirectional, dropout, pad_idx=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=pad_idx)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim, num_layers=n_layers, bidirectional=bidirectional,
                            dropout=dropout if n_layers > 1 else 0, batch_first=True)
        self.fc = nn.Linear(hidden_dim * 2 if bidirectional else hidden_dim, output_dim)
        self.dropout = nn.Dropout(dropout)
        self.n_layers, self.hidden_dim = n_layers, hidden_dim
        self.num_directions = 2 if bidirectional else 1

    def init_hidden(self, batch_size):
        weight = next(self.parameters()).data
        shape = (self.n_layers * self.num_directions, batch_size, self.hidden_dim)
        return weight.new(*shape).zero_(), weight.new_zeros(shape)

    def forward(self, text):
        embedded = self.dropout(self.embedding(text))
        h0, c0 = self.init_hidden(text.size(0))
        output, (hidden, cell) = self.lstm(embedded, (h0, c0))
        if self.lstm.bidirectional:
            hidden = self.dropout(torch.cat((hidden[-2, :, :], hidden[-1, :, :]), dim=1))
        else:
            hidden = self.dropout(hidden[-1])
        return self.fc(hidden)


class GRUAttention(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes):
        super().__init__()
        self.gru = nn.GRU(input_size, hidden_size, 2, batch_first=True, bidirectional=True)
        self.w = nn.Parameter(torch.zeros(hidden_size * 2))
        self.fc1 = nn.Linear(hidden_size * 2, hidden_size)
        self.fc2 = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        H, _ = self.gru(x)  # [batch, seq, hidden * 2]
        M = torch.tanh(H)
        alpha = torch.softmax(torch.matmul(M, self.w), dim=1).unsqueeze(-1)
        out = H * alpha
        out = torch.sum(out, 1)
        out = torch.relu(out)
        out = self.fc1(out)
        return self.fc2(out)


class Tagger(nn.Module):
    """A tagger step by step, with the sequence first."""

    def __init__(self, vocab, tags, dim=14, hidden=18):
        super().__init__()
        self.hidden = hidden
        self.embed = nn.Embedding(vocab, dim)
        self.cell = nn.LSTMCell(dim, hidden)
        self.rnn = nn.RNN(hidden, hidden, nonlinearity="relu")
        self.out = nn.Linear(hidden, tags)

    def forward(self, sentence):
        embeds = self.embed(sentence)
        h = torch.zeros(embeds.size(1), self.hidden)
        c = torch.zeros(embeds.size(1), self.hidden)
        outputs = []
        for t in range(embeds.size(0)):
            h, c = self.cell(embeds[t], (h, c))
            outputs.append(h)
        stacked = torch.stack(outputs, dim=0)
        states, last = self.rnn(stacked)
        return self.out(states.view(-1, self.hidden)), last


model = LSTMClassifier(50, 9, 12, 3, 2, True, 0.5)
pred = model(torch.randint(0, 50, (4, 13)))
one_way = LSTMClassifier(50, 9, 12, 3, 1, False, 0.5)
pred1 = one_way(torch.randint(0, 50, (4, 13)))
att = GRUAttention(7, 10, 5)
scores = att(torch.randn(3, 21, 7))
tags, last = Tagger(30, 6)(torch.randint(0, 30, (5, 2)))

packed = pack_padded_sequence(torch.randn(3, 8, 7), torch.tensor([8, 5, 3]), batch_first=True)
packed_out, h = att.gru(packed)
padded, lengths = pad_packed_sequence(packed_out, batch_first=True)
